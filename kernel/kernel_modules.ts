import type { Permission } from '#generated/catalogue';
import { closeFinding } from './database/finding.ts';
import { makeUser, setUserActive } from './identity/user.ts';
import type { Module } from './module.ts';
import type { AnyOperation } from './operation.ts';

const all: Permission[] = ['kernel.see_findings', 'kernel.import'];

/** The schemas that the kernel brings itself; their SQL lies in the folders named here. */
export const kernelModules: (Module & { folder: string; operations?: AnyOperation[] })[] = [
  {
    name: 'kernel',
    label: 'Kernel',
    folder: 'kernel/database',
    depends: [],
    permissions: {
      'kernel.see_findings': 'See and settle what is odd but happened.',
      'kernel.import': 'Bring data from files.',
      'kernel.administer': 'Look after the installation: checks, backups, settings.',
    },
    roles: {
      manager: all,
      administrator: [...all, 'kernel.administer'],
    },
    menu: [
      { label: 'Import', icon: 'file-import', page: 'import', permission: 'kernel.import' },
      {
        label: 'Findings',
        icon: 'flag',
        list: 'kernel.finding',
        permission: 'kernel.see_findings',
      },
    ],
    operations: [closeFinding],
  },
  {
    name: 'identity',
    label: 'People',
    folder: 'kernel/identity',
    depends: ['kernel'],
    permissions: {
      'identity.see_users': 'See who may sign in, and who did.',
      'identity.manage_users': 'Make users, give roles, switch users off.',
    },
    roles: {
      manager: ['identity.see_users'],
      administrator: ['identity.see_users', 'identity.manage_users'],
    },
    menu: [
      {
        label: 'Users',
        icon: 'user-shield',
        list: 'identity.user',
        permission: 'identity.see_users',
      },
    ],
    operations: [makeUser, setUserActive],
  },
  {
    name: 'audit',
    label: 'Trail',
    folder: 'kernel/audit',
    depends: ['kernel', 'identity'],
    permissions: { 'audit.see': 'Read the trail of who did what.' },
    roles: { manager: ['audit.see'], administrator: ['audit.see'] },
    menu: [{ label: 'Trail', icon: 'history', list: 'audit.request', permission: 'audit.see' }],
  },
];
