import { Id, operation, Text, z } from '../operation.ts';

const SOME_ID = '0197a0de-0000-7000-8000-000000000000';
const Which = z.strictObject({ id: Id('webhooks.endpoint') });
const told = { permission: 'webhooks.manage' as const };

/** Makes an endpoint; its secret is in this answer and in no other. Error: `webhook_table_unknown`. */
export const makeEndpoint = operation({
  ...told,
  name: 'webhooks.endpoint.make',
  label: 'Make webhook',
  input: z.strictObject({
    name: Text(100).min(1),
    url: z
      .string()
      .max(2000)
      .regex(/^https?:\/\/[^\s@]+$/, 'An address such as https://shop.example/hook is expected.'),
    tables: z.array(Text(120)).min(1).max(50),
    with_row: z.boolean().optional(),
  }),
  example: 'kontor webhooks endpoint make --file webhook.json',
  // Kept under its key, the secret would stay readable for a month.
  keyed: false,
  sql: 'webhooks_logic.make',
});

/** Switches it on or off; on, it is told of what comes from then on. Error: `not_found`. */
export const switchEndpoint = operation({
  ...told,
  name: 'webhooks.endpoint.switch',
  label: 'Switch on or off',
  input: z.strictObject({ id: Id('webhooks.endpoint'), is_active: z.boolean() }),
  example: `kontor webhooks endpoint switch --id ${SOME_ID} --is-active false`,
  sql: 'webhooks_logic.switch',
});

/** Sends an event that tells of no record. Error: `webhook_is_off`. */
export const testEndpoint = operation({
  ...told,
  name: 'webhooks.endpoint.test',
  label: 'Send a test',
  input: Which,
  example: `kontor webhooks endpoint test --id ${SOME_ID}`,
  sql: 'webhooks_logic.test',
});

/** Sends an event again, under its own id. Error: `webhook_is_off`. */
export const repeatDelivery = operation({
  ...told,
  name: 'webhooks.delivery.repeat',
  label: 'Send again',
  input: z.strictObject({ id: Id('webhooks.delivery') }),
  example: `kontor webhooks delivery repeat --id ${SOME_ID}`,
  sql: 'webhooks_logic.repeat',
});
