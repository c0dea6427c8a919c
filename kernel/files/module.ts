import type { Module } from '../module.ts';
import type { AnyOperation } from '../operation.ts';
import { attachFile, detachFile, restoreFile } from './attachment.ts';

export const filesModule: Module & { folder: string; operations: AnyOperation[] } = {
  name: 'files',
  label: 'Files',
  folder: 'kernel/files',
  depends: ['kernel', 'identity', 'audit', 'jobs'],
  permissions: {
    'files.use': 'Read files of records that one may read, and put files on those one may change.',
  },
  roles: {
    cashier: ['files.use'],
    manager: ['files.use'],
    administrator: ['files.use'],
  },
  refusals: {
    files_not_yours: 'You may read this record, but not change it, and so not its files either.',
    file_empty: '{name} is empty. Choose a file that holds something.',
    file_type_refused:
      '{name} can’t be kept: it is none of {allowed}, or isn’t what its name says.',
    file_over_limit: '{name} is larger than {limit} MB. Make it smaller.',
    file_lost: 'The bytes of this file are not in the store. Restore a backup, or attach it anew.',
    store_refused: 'The store of files answered {status}. Look at FILES_S3_URL and its keys.',
    no_thumbnail: 'There is no small picture of this file.',
  },
  menu: [],
  operations: [attachFile, detachFile, restoreFile],
};
