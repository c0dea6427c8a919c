import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../modules.ts';
import { typeOf } from './typescript.ts';

interface Operation {
  operationId: string;
  summary?: string;
  parameters?: { name: string; required?: boolean }[];
  requestBody?: { content: { 'application/json': { schema: object } } };
  responses: { 200: { content: { 'application/json': { schema: object } } } };
}
interface Api {
  info: { version: string };
  components: { schemas: Record<string, object> };
  paths: Record<string, { get?: Operation; post?: Operation }>;
}

/** Writes the client package (JavaScript, declarations, README) of an API into a folder. */
export function makeClient(api: Api, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  compiled(folder);
  write('types.d.ts', typesOf(api));
  write('package.json', `${JSON.stringify(manifest(api.info.version), null, 2)}\n`);
  copyFileSync(join(import.meta.dirname, 'README.md'), join(folder, 'README.md'));
}

const manifest = (version: string) => ({
  name: '@kontor/client',
  version,
  description: 'The API of Kontor, typed.',
  license: 'MIT',
  type: 'module',
  exports: { '.': { types: './client.d.ts', default: './client.js' } },
  files: ['client.js', 'client.d.ts', 'types.d.ts', 'README.md'],
});

/** JavaScript and declarations, by the compiler. */
function compiled(folder: string): void {
  const args = [
    join(root, 'node_modules/typescript/bin/tsc'),
    join(import.meta.dirname, 'client.ts'),
    ...['--outDir', folder, '--declaration', '--rewriteRelativeImportExtensions'],
    ...['--target', 'es2023', '--module', 'nodenext', '--lib', 'es2024,dom', '--ignoreConfig'],
    ...['--verbatimModuleSyntax', '--types', ''],
  ];
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`The client doesn’t compile: ${stdout}`);
  rmSync(join(folder, 'types.js'), { force: true });
}

function typesOf({ components, paths }: Api): string {
  const rows = Object.entries(components.schemas).filter(([name]) => name.includes('.'));
  const posts = Object.entries(paths).flatMap(([path, { post }]) =>
    post?.requestBody && path.split('/').length === 4 ? [post] : [],
  );
  const reports = Object.entries(paths).flatMap(([path, { get }]) =>
    get && path.startsWith('/report/') ? [{ name: path.split('/')[2] ?? '', get }] : [],
  );
  const json = (holder: { content: { 'application/json': { schema: object } } } | undefined) =>
    typeOf(holder?.content['application/json'].schema ?? {}, 1);
  return `// Made from the API's own description.
export interface Rows {
${rows.map(([name, schema]) => `  '${name}': ${typeOf(schema, 1)};\n`).join('')}}
export interface Inputs {
${posts.map((p) => `  /** ${p.summary} */\n  '${p.operationId}': ${json(p.requestBody)};\n`).join('')}}
export interface Answers {
${posts.map((p) => `  '${p.operationId}': ${json(p.responses[200])};\n`).join('')}}
export interface Reports {
${reports.map(({ name, get }) => `  ${name}: { ${parametersOf(get)} };\n`).join('')}}
`;
}

const parametersOf = ({ parameters = [] }: Operation): string =>
  parameters
    // The client reads answers; files are fetched by their address.
    .filter(({ name }) => name !== 'format')
    .map((p) => `${p.name}${p.required ? '' : '?'}: string`)
    .join('; ');
