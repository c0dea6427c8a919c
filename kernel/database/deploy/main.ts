import '../../sentences.ts';
import type pg from 'pg';
import { Problem } from '../../problem.ts';
import type { Said } from '../connect.ts';
import { asProblem } from '../refusal.ts';
import { deploy } from './deploy.ts';
import type { Logins } from './roles.ts';

// A process of its own: it alone holds the rights to change the database's shape.
process.once('message', async ({ admin, kept }: { admin: pg.ClientConfig; kept?: Logins }) => {
  const said: Said = await deploy(admin, kept).then(
    (logins) => ({ logins }),
    (error) => {
      const known = asProblem(error);
      return known instanceof Problem
        ? { code: known.code, params: known.params, message: known.message }
        : { code: 'deploy_failed', params: { why: String(error?.message ?? error) } };
    },
  );
  process.send?.(said, undefined, undefined, () => process.disconnect?.());
});
