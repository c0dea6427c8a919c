import type { Permission } from '#generated/catalogue';
import { setAppearance } from './appearance/appearance.ts';
import { commentsModule } from './comments/module.ts';
import {
  archiveField,
  changeField,
  createField,
  restoreField,
} from './custom_fields/custom_field.ts';
import { filesModule } from './files/module.ts';
import { closeFinding } from './findings/finding.ts';
import { setPreference } from './identity/preference.ts';
import { makeRole, permitRole, removeRole, renameRole } from './identity/role.ts';
import { givePassword, giveRole, makeUser, setUserActive, takeRole } from './identity/user.ts';
import { undoImport } from './import/import_batch.ts';
import { jobsModule } from './jobs/module.ts';
import { mailModule } from './mail/module.ts';
import type { Module } from './module.ts';
import type { AnyOperation } from './operation.ts';
import { archiveView, changeView, saveView } from './saved_views/saved_view.ts';
import { setTranslation } from './translations/translation.ts';
import { webhooksModule } from './webhooks/module.ts';

const all: Permission[] = [
  'kernel.see_findings',
  'kernel.import',
  'kernel.save_views',
  'kernel.share_views',
  'kernel.translate',
];

/** The schemas that the kernel brings itself; their SQL lies in the folders named here. */
export const kernelModules: (Module & {
  folder: string;
  /** Further folders with logic and jobs of it. */
  rooms?: string[];
  operations?: AnyOperation[];
})[] = [
  {
    name: 'kernel',
    label: 'Kernel',
    folder: 'kernel/database',
    rooms: [
      'kernel/database/writing',
      'kernel/database/reading',
      'kernel/appearance',
      'kernel/custom_fields',
      'kernel/import',
      'kernel/saved_views',
      'kernel/translations',
    ],
    depends: [],
    permissions: {
      'kernel.see_findings': 'See and settle what is odd but happened.',
      'kernel.import': 'Bring data from files.',
      'kernel.undo_import': 'Take back an import as a whole, with all that it made and changed.',
      'kernel.save_views': 'Keep lists as saved views of one’s own.',
      'kernel.share_views': 'Share saved views with everybody.',
      'kernel.translate': 'Write names and texts in other languages, of what one may change.',
      'kernel.administer': 'Look after the installation: checks, backups, settings.',
    },
    roles: {
      cashier: ['kernel.save_views'],
      manager: all,
      administrator: [...all, 'kernel.undo_import', 'kernel.administer'],
      system: ['kernel.administer'],
    },
    findings: { clock_was_ahead: 'A clock was ahead by more than a day' },
    lists: {
      finding: { columns: 'found_at,code,params,state,store_id', sort: '-found_at' },
      import_batch: {
        label: 'Past imports',
        columns: 'imported_at,imported_by,name,rows_made,rows_changed,state,undone_at',
        sort: '-imported_at',
      },
    },
    areas: {
      home: { label: 'Home', icon: 'home', place: 0 },
      settings: { label: 'Settings', icon: 'settings', place: 1000 },
    },
    settings: [
      {
        group: 'business',
        icon: 'palette',
        page: 'settings/appearance',
        label: 'Colour and logo',
        help: 'How Kontor looks to everybody here.',
        permission: 'kernel.administer',
      },
      {
        group: 'data',
        icon: 'file-import',
        page: 'import',
        label: 'Import',
        help: 'Bring your data from spreadsheets.',
        permission: 'kernel.import',
      },
      {
        group: 'data',
        icon: 'forms',
        page: 'custom-fields',
        label: 'Custom fields',
        help: 'Fields of your own, for any list.',
        permission: 'kernel.administer',
      },
      { group: 'installation', icon: 'flag', list: 'kernel.finding' },
      {
        group: 'installation',
        icon: 'file-text',
        page: 'settings/log',
        label: 'Log',
        help: 'What happened in one request, by the number that an error shows.',
        permission: 'kernel.administer',
      },
      {
        group: 'installation',
        icon: 'info',
        page: 'settings/about',
        label: 'About Kontor',
        help: 'Versions, and the licences of its parts.',
      },
    ],
    menu: [
      {
        label: 'Settings',
        icon: 'settings',
        area: 'settings',
        letter: 's',
        page: 'settings',
        permission: 'identity.prefer',
      },
      {
        label: 'Import',
        icon: 'file-import',
        area: 'settings',
        letter: 'i',
        page: 'import',
        permission: 'kernel.import',
      },
      {
        label: 'Past imports',
        icon: 'history',
        area: 'settings',
        list: 'kernel.import_batch',
        permission: 'kernel.import',
      },
      {
        label: 'Findings',
        icon: 'flag',
        area: 'settings',
        list: 'kernel.finding',
        permission: 'kernel.see_findings',
      },
      {
        label: 'Custom fields',
        icon: 'forms',
        area: 'settings',
        page: 'custom-fields',
        permission: 'kernel.administer',
      },
    ],
    operations: [
      ...[
        closeFinding,
        saveView,
        changeView,
        archiveView,
        setTranslation,
        setAppearance,
        undoImport,
      ],
      ...[createField, changeField, archiveField, restoreField],
    ],
  },
  {
    name: 'identity',

    label: 'People',
    folder: 'kernel/identity',
    depends: ['kernel'],
    permissions: {
      'identity.see_users': 'See who may sign in, and who did.',
      'identity.manage_users': 'Make users, give roles, switch users off.',
      'identity.prefer': 'Say how one wants one’s own screens.',
    },
    roles: {
      cashier: ['identity.prefer'],
      manager: ['identity.see_users', 'identity.prefer'],
      administrator: ['identity.see_users', 'identity.manage_users', 'identity.prefer'],
    },
    lists: {
      user: { columns: 'name,username,email,is_active,last_sign_in_at,must_change_password' },
    },
    settings: [
      { group: 'people', icon: 'user-shield', list: 'identity.user' },
      {
        group: 'people',
        icon: 'shield',
        page: 'settings/roles',
        label: 'Roles',
        help: 'What each of them permits, and roles of your own.',
        permission: 'identity.manage_users',
      },
    ],
    menu: [
      {
        label: 'Users',
        icon: 'user-shield',
        area: 'settings',
        list: 'identity.user',
        permission: 'identity.see_users',
      },
    ],
    operations: [
      ...[makeUser, givePassword, giveRole, takeRole, setUserActive, setPreference],
      ...[makeRole, renameRole, permitRole, removeRole],
    ],
  },
  {
    name: 'audit',
    label: 'Trail',
    folder: 'kernel/audit',
    depends: ['kernel', 'identity'],
    permissions: { 'audit.see': 'Read the trail of who did what.' },
    roles: { manager: ['audit.see'], administrator: ['audit.see'] },
    lists: {
      request: { columns: 'made_at,actor_id,operation,approved_by,address', sort: '-made_at' },
    },
    settings: [{ group: 'installation', icon: 'history', list: 'audit.request' }],
    menu: [
      {
        label: 'Trail',
        icon: 'history',
        area: 'settings',
        list: 'audit.request',
        permission: 'audit.see',
      },
    ],
  },
  jobsModule,
  filesModule,
  commentsModule,
  webhooksModule,
  mailModule,
];
