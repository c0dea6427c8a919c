import { Id, operation, Text, z } from '../operation.ts';
import { phrase } from '../problem.ts';

const SOME_ID = '0197a0de-0000-7000-8000-000000000000';
const Which = z.strictObject({ id: Id('webhooks.endpoint') });
const told = { permission: 'webhooks.manage' as const };

const fields = {
  name: Text(100).min(1),
  url: z
    .string()
    .max(2000)
    .regex(
      /^https?:\/\/[^\s@]+$/,
      phrase('An address such as https://shop.example/hook is expected.'),
    ),
  tables: z.array(Text(120)).min(1).max(50),
  verbs: z
    .array(z.enum(['insert', 'update']))
    .min(1)
    .max(2)
    .optional(),
  with_row: z.boolean().optional(),
};

/** Makes an endpoint; its secret is in this answer and in no other. Error: `webhook_table_unknown`. */
export const makeEndpoint = operation({
  ...told,
  name: 'webhooks.endpoint.make',
  label: 'Make webhook',
  input: z.strictObject(fields),
  example: 'kontor webhooks endpoint make --file webhook.json',
  // Kept under its key, the secret would stay readable for a month.
  keyed: false,
  sql: 'webhooks_logic.make',
});

/**
 * Changes what it is told of, and where; who does is its owner then. Errors: `not_found`,
 * `changed_meanwhile`, `webhook_table_unknown`.
 */
export const changeEndpoint = operation({
  ...told,
  name: 'webhooks.endpoint.change',
  label: 'Change webhook',
  input: z.strictObject({
    id: Id('webhooks.endpoint'),
    version: z.int().min(1),
    ...z.strictObject(fields).partial().shape,
  }),
  example: `kontor webhooks endpoint change --id ${SOME_ID} --version 1 --name Shop`,
  sql: 'webhooks_logic.change',
});

/**
 * Makes a new secret, which is in this answer and in no other; the one before signs beside it for a
 * day, or with `at_once` no more. Errors: `not_found`, `webhook_renewed_often`.
 */
export const renewSecret = operation({
  ...told,
  name: 'webhooks.endpoint.renew',
  label: 'Renew secret',
  input: z.strictObject({ id: Id('webhooks.endpoint'), at_once: z.boolean().optional() }),
  example: `kontor webhooks endpoint renew --id ${SOME_ID}`,
  keyed: false,
  sql: 'webhooks_logic.renew',
});

/** Switches it on or off; on, it is told of what comes from then on. Error: `not_found`. */
export const switchEndpoint = operation({
  ...told,
  name: 'webhooks.endpoint.switch',
  label: 'Switch on or off',
  input: z.strictObject({ id: Id('webhooks.endpoint'), is_active: z.boolean() }),
  actions: [
    {
      label: 'Switch off',
      when: { is_active: true },
      input: { is_active: false },
      question: 'Nothing is sent to it any more.',
    },
    {
      label: 'Switch on',
      when: { is_active: false },
      input: { is_active: true },
      question: 'It is told of what changes from now on.',
    },
  ],
  example: `kontor webhooks endpoint switch --id ${SOME_ID} --is-active false`,
  sql: 'webhooks_logic.switch',
});

/** Sends an event that tells of no record. Error: `webhook_is_off`. */
export const testEndpoint = operation({
  ...told,
  name: 'webhooks.endpoint.test',
  label: 'Send a test',
  input: Which,
  actions: [
    { when: { is_active: true }, question: 'An event that tells of no record is sent now.' },
  ],
  example: `kontor webhooks endpoint test --id ${SOME_ID}`,
  sql: 'webhooks_logic.test',
});

/** Sends an event again, under its own id. Error: `webhook_is_off`. */
export const repeatDelivery = operation({
  ...told,
  name: 'webhooks.delivery.repeat',
  label: 'Send again',
  input: z.strictObject({ id: Id('webhooks.delivery') }),
  actions: [{ question: 'It is sent under its own id, so that the other side can tell.' }],
  example: `kontor webhooks delivery repeat --id ${SOME_ID}`,
  sql: 'webhooks_logic.repeat',
});
