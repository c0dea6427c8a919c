import '../sentences.ts';
import { join } from 'node:path';
import { openPools } from '../database/connect.ts';
import { ensureTemplate, openTestCluster, templateName } from '../database/template.ts';
import { openApi } from '../http/openapi.ts';
import { root } from '../modules.ts';
import { makeClient } from './make.ts';

// npm run client: makes the package of the typed client in generated/client, to be published.
const embedded = await openTestCluster();
try {
  const name = templateName();
  const logins = await ensureTemplate(embedded, name);
  const db = await openPools({ pool: 2 }, embedded.admin(name), logins, async () => {});
  const { version } = (await import(join(root, 'package.json'), { with: { type: 'json' } }))
    .default;
  const folder = join(root, 'generated', 'client');
  makeClient((await openApi(db, version)) as never, folder);
  await db.close();
  process.stdout.write(`The client is in ${folder}\n`);
} finally {
  await embedded.close();
}
