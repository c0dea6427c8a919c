import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { story } from '#kernel/test';
import { SURFACE } from '../../kernel/elsewhere.ts';
import { openApi } from '../../kernel/http/openapi.ts';
import { root } from '../../kernel/modules.ts';

// What modules from elsewhere and programs rely on: names of #kernel, helpers in SQL, operations with
// their fields, tables with their columns. A name may be added at any time; one that is to go stands
// under "leaving" for one minor version before (docs/surface.md). RECORD=1 notes what was added.

interface Surface {
  version: string;
  kernel: string[];
  ui: string[];
  sql: string[];
  operations: Record<string, string[]>;
  tables: Record<string, string[]>;
  leaving: Record<string, string>;
}

const file = join(root, 'test', 'recorded', 'surface.json');

interface Schema {
  properties?: Record<string, unknown>;
  allOf?: Schema[];
}

interface Posted {
  operationId: string;
  requestBody?: { content: { 'application/json': { schema: Schema } } };
}

story('nothing that others rely on is gone', async (world) => {
  const now = await surfaceNow(world.db);
  if (process.env.RECORD || !existsSync(file)) {
    const leaving = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).leaving : {};
    writeFileSync(file, `${JSON.stringify({ ...now, leaving }, null, 1)}\n`);
    return;
  }
  const was = JSON.parse(readFileSync(file, 'utf8')) as Surface;
  assert.equal(now.version, was.version);
  const gone = namesOf(was).filter((name) => !namesOf(now).includes(name));
  // A name leaves in the version that was announced, or a later one.
  const announced = gone.filter((name) => (was.leaving[name] ?? '~') <= SURFACE);
  assert.deepEqual(gone, announced);
});

const namesOf = ({ kernel, ui, sql, operations, tables }: Omit<Surface, 'leaving'>): string[] => [
  ...kernel.map((name) => `#kernel ${name}`),
  ...ui.map((name) => `#kernel/ui ${name}`),
  ...sql,
  ...Object.entries({ ...operations, ...tables }).flatMap(([name, fields]) => [
    name,
    ...fields.map((field) => `${name} ${field}`),
  ]),
];

async function surfaceNow(db: Parameters<typeof openApi>[0]): Promise<Omit<Surface, 'leaving'>> {
  const { rows } = await db.app.query(
    `select format('%s(%s)', p.proname, pg_get_function_identity_arguments(p.oid)) as name
       from pg_proc p where pronamespace = 'kernel_logic'::regnamespace
        and proname in ('bind', 'bind_to_store', 'bind_by', 'readable', 'track', 'fact', 'searchable',
                        'refuse', 'flag', 'may', 'my_stores', 'actor', 'request') order by 1`,
  );
  const api = (await openApi(db, SURFACE)) as {
    paths: Record<string, { post?: Posted }>;
    components: { schemas: Record<string, Schema> };
  };
  const operations = Object.entries(api.paths).flatMap(([path, { post }]) => {
    const body = post?.requestBody?.content['application/json'].schema;
    return post && body && path.split('/').length === 4
      ? [[post.operationId, fieldsOf(body)] as const]
      : [];
  });
  return {
    version: SURFACE,
    kernel: exportedBy('index.ts'),
    ui: exportedBy('ui', 'index.ts'),
    sql: rows.map((r) => r.name),
    operations: Object.fromEntries(operations.sort()),
    tables: Object.fromEntries(
      Object.entries(api.components.schemas)
        .filter(([name]) => name.includes('.'))
        .map(([name, schema]) => [name, fieldsOf(schema)]),
    ),
  };
}

function exportedBy(...path: string[]): string[] {
  const text = readFileSync(join(root, 'kernel', ...path), 'utf8');
  const names = [...text.matchAll(/\{([^}]*)\}/g)].flatMap((m) => (m[1] ?? '').split(','));
  return names
    .map((name) => name.replace('type ', '').trim())
    .filter(Boolean)
    .sort();
}

const fieldsOf = (schema: Schema): string[] => [
  ...Object.keys(schema.properties ?? {}),
  ...(schema.allOf ?? []).flatMap(fieldsOf),
];
