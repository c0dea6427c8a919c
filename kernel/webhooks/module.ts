import type { Module } from '../module.ts';
import type { AnyOperation } from '../operation.ts';
import {
  changeEndpoint,
  makeEndpoint,
  renewSecret,
  repeatDelivery,
  switchEndpoint,
  testEndpoint,
} from './endpoint.ts';

export const webhooksModule: Module & { folder: string; operations: AnyOperation[] } = {
  name: 'webhooks',
  label: 'Webhooks',
  folder: 'kernel/webhooks',
  depends: ['kernel', 'identity', 'audit', 'jobs'],
  permissions: {
    'webhooks.manage': 'Let other programs be told of changes, and see what they answered.',
  },
  roles: { administrator: ['webhooks.manage'] },
  findings: {
    webhook_owner_left: 'A webhook was switched off: its owner may no longer keep it',
    webhook_switched_off: 'A webhook was switched off: it failed for a day',
  },
  refusals: {
    webhook_table_unknown: 'There is no table {table} that others can be told of.',
    webhook_renewed_often:
      '{limit} secrets before this one are good still. Wait a day, or renew it so that they end at once.',
    webhook_is_off: 'This webhook is off, or what it sent still waits. Switch it on first.',
  },
  settings: [
    {
      group: 'data',
      icon: 'arrows-exchange',
      page: 'webhooks',
      label: 'Webhooks',
      help: 'Tell other programs what changes here.',
      permission: 'webhooks.manage',
    },
  ],
  menu: [
    {
      label: 'Webhooks',
      icon: 'arrows-exchange',
      area: 'settings',
      page: 'webhooks',
      permission: 'webhooks.manage',
    },
    {
      label: 'Deliveries of webhooks',
      icon: 'list',
      area: 'settings',
      list: 'webhooks.delivery',
      permission: 'webhooks.manage',
    },
  ],
  operations: [
    makeEndpoint,
    changeEndpoint,
    renewSecret,
    switchEndpoint,
    testEndpoint,
    repeatDelivery,
  ],
};
