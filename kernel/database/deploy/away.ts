import type pg from 'pg';
import { goesWithout } from '../../elsewhere.ts';
import type { LoadedModule } from '../../modules.ts';
import { problem } from '../../problem.ts';

/**
 * Two homes on one database would deploy over each other in turn, each taking away the rules of the
 * other's modules: who lacks a module that the database works with says so first. Error: `module_away`.
 */
export async function refuseWhereAway(admin: pg.Client, all: LoadedModule[]): Promise<void> {
  const { rows } = await admin.query<{ name: string }>(
    `select name from kernel.module where name like 'x\\_%' order by name`,
  );
  const known = new Set([...all.map((m) => m.name), ...goesWithout()]);
  const away = rows.find(({ name }) => !known.has(name));
  if (away) throw problem('module_away', { name: away.name });
}
