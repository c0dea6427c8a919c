import { language } from '../i18n/language.ts';
import { operation, Text, z } from '../operation.ts';
import { phrase } from '../problem.ts';
import { Address } from './address.ts';
import { tryServer } from './try.job.ts';

/**
 * Sets the mail server. A password that isn't said stays, null takes it away. Errors:
 * `mail_password_again`, `not_permitted`.
 */
export const setServer = operation({
  name: 'mail.server.set',
  label: 'Set mail server',
  permission: 'kernel.administer',
  input: z.strictObject({
    host: z
      .string()
      .regex(
        /^[A-Za-z0-9]([A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?$/,
        phrase('Write a name such as smtp.example.com.'),
      ),
    port: z.int().min(1).max(65535),
    security: z.enum(['tls', 'starttls', 'none']),
    username: Text(200).min(1).nullish(),
    password: Text(500).min(1).nullish(),
    from_address: Address,
    from_name: Text(100).min(1).nullish(),
  }),
  example:
    'kontor mail server set --host smtp.example.com --port 465 --security tls --username shop --from-address shop@example.com',
  // Kept under its key, the password’s hash would stay for a month.
  keyed: false,
  sql: 'mail_logic.set_server',
});

/** Sends a short e-mail by the mail server; the run says what became of it. Error: `mail_not_set_up`. */
export const testServer = operation({
  name: 'mail.server.test',
  label: 'Send a test',
  permission: 'kernel.administer',
  input: z.strictObject({ to: Address }),
  example: 'kontor mail server test --to me@example.com',
  async run(call, { to }) {
    await call.sql.many`select mail_logic.server()`;
    return { run_id: await call.enqueue(tryServer, { to, language: language() }) };
  },
});
