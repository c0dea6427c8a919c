import type { Module } from '../module.ts';
import type { AnyOperation } from '../operation.ts';
import { setServer, testServer } from './server.ts';

export const mailModule: Module & { folder: string; operations: AnyOperation[] } = {
  name: 'mail',
  label: 'E-mail',
  folder: 'kernel/mail',
  depends: ['kernel', 'identity', 'audit', 'jobs'],
  permissions: { 'mail.send': 'E-mail documents that one may read.' },
  roles: { cashier: ['mail.send'], manager: ['mail.send'], administrator: ['mail.send'] },
  refusals: {
    mail_not_set_up:
      'No mail server is set up yet. An administrator names one under Settings, E-mail.',
    mail_password_again:
      'The password was given for another server or user. Type it again, or take it away.',
    mailed_often_to:
      'This address got {limit} e-mails within a day. Send the rest tomorrow, or to another one.',
    mailed_often: 'It was e-mailed {limit} times within a day. Send the rest tomorrow.',
  },
  lists: {
    message: {
      columns: 'queued_at,table_name,recipient,state,sent_at,queued_by,answer',
      sort: '-queued_at',
    },
  },
  settings: [
    {
      group: 'business',
      icon: 'mail',
      page: 'settings/mail',
      label: 'E-mail',
      help: 'The mail server by which receipts go to customers.',
      permission: 'kernel.administer',
    },
  ],
  menu: [
    {
      label: 'Sent e-mails',
      icon: 'mail',
      area: 'settings',
      list: 'mail.message',
      permission: 'kernel.administer',
    },
  ],
  operations: [setServer, testServer],
};
