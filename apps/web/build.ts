import { createHash } from 'node:crypto';
import {
  existsSync,
  globSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import zlib, { constants } from 'node:zlib';
import { sourceFolders } from '../../kernel/elsewhere.ts';
import { homeFolder } from '../../kernel/settings.ts';
import { modulePages, pageFoldersElsewhere } from './module_pages.ts';

const root = fileURLToPath(new URL('.', import.meta.url));
const checkout = join(root, '..', '..');
const brotli = promisify(zlib.brotliCompress);
const gzip = promisify(zlib.gzip);

/**
 * Builds the web app into `apps/web/dist` and answers that folder; into the data home where modules
 * from elsewhere bring pages to it. Nothing is done where the sources are the ones that it was built
 * from the last time.
 */
export async function buildWeb(say: (line: string) => void = () => {}): Promise<string> {
  const elsewhere = pageFoldersElsewhere();
  const dist = elsewhere.length > 0 ? join(homeFolder(), 'web') : join(root, 'dist');
  const hash = hashOfSources(elsewhere.map(({ folder }) => folder));
  if (stampOf(dist) === hash) return dist;
  say('Building the web app …');
  const draft = `${dist}-${process.pid}`;
  const { build } = await import('vite');
  const { default: react } = await import('@vitejs/plugin-react');
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    plugins: [modulePages(), react()],
    build: {
      outDir: draft,
      emptyOutDir: true,
      target: 'es2023',
      manifest: true,
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 800,
      // What every page begins with comes in one piece: forty small files cost more in heads and
      // round trips than in bytes.
      rolldownOptions: {
        output: {
          codeSplitting: {
            groups: [
              { name: 'base', tags: ['$initial'], priority: 1 },
              { name: 'icons', test: /@tabler[\\/]icons-react[\\/]/ },
            ],
          },
        },
      },
    },
  });
  readAtOnce(draft);
  await compressed(draft);
  writeFileSync(join(draft, '.stamp'), hash);
  swap(draft, dist);
  return dist;
}

/** Serves the sources as they are edited, and hands on to the API what is its own. */
export async function serveSources(
  port: number,
  api: string,
): Promise<{ reload(): void; close(): Promise<void> }> {
  const { createServer } = await import('vite');
  const { default: react } = await import('@vitejs/plugin-react');
  const proxy = Object.fromEntries(['/api', '/health', '/metrics'].map((path) => [path, api]));
  const server = await createServer({
    root,
    configFile: false,
    logLevel: 'warn',
    plugins: [modulePages(), react()],
    cacheDir: join(checkout, 'node_modules', '.vite'),
    server: { port, strictPort: true, proxy, fs: { allow: [checkout, ...sourceFolders()] } },
  });
  await server.listen();
  return {
    reload: () => server.ws.send({ type: 'full-reload' }),
    close: () => server.close(),
  };
}

function stampOf(dist: string): string | undefined {
  const stamp = join(dist, '.stamp');
  return existsSync(stamp) ? readFileSync(stamp, 'utf8') : undefined;
}

/**
 * Most of a script is called as soon as it is there: a browser that knows this sign makes it ready
 * while it comes over the line, not function by function when the page is drawn.
 */
function readAtOnce(folder: string): void {
  for (const name of globSync('assets/*.js', { cwd: folder })) {
    const file = join(folder, name);
    writeFileSync(file, `//# allFunctionsCalledOnLoad\n${readFileSync(file, 'utf8')}`);
  }
}

/** Puts the small forms of texts beside them, so that the server sends those as they are. */
async function compressed(folder: string): Promise<void> {
  const files = globSync('**/*.{js,css,html,svg,json}', { cwd: folder });
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
  await Promise.all(
    files.map(async (name) => {
      const file = join(folder, name);
      const text = readFileSync(file);
      if (text.length < 1024) return;
      writeFileSync(`${file}.br`, await brotli(text, quality));
      writeFileSync(`${file}.gz`, await gzip(text, { level: 9 }));
    }),
  );
}

/** Whole or not at all, also where two build at once: the later one's is the same. */
function swap(draft: string, dist: string): void {
  const old = `${draft}-old`;
  try {
    if (existsSync(dist)) renameSync(dist, old);
    renameSync(draft, dist);
  } catch (error) {
    if (!stampOf(dist)) throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
    rmSync(old, { recursive: true, force: true });
  }
}

// The lock file stands for the packages; the two amount files are shared with the server.
function hashOfSources(elsewhere: string[]): string {
  const hash = createHash('sha256');
  const parts = ['apps/web/src', 'apps/web/public', 'kernel/ui', 'kernel/database/money.ts'];
  const single = ['modules/pos/receipt_amounts.ts', 'apps/web/index.html', 'apps/web/build.ts'];
  const ours = [...parts, ...single, 'package-lock.json'].map((part) => join(checkout, part));
  // Screens that live with what they show, and the code that only they use.
  const rooms = ['{kernel,modules}/*/*.tsx', 'modules/*/{till,dashboard}/*'];
  const screens = globSync(rooms, { cwd: checkout }).map((f) => join(checkout, f));
  for (const file of [...ours, ...screens.sort(), ...elsewhere].flatMap(filesIn)) {
    hash.update(file.replace(checkout, '')).update('\0').update(readFileSync(file));
  }
  return hash.digest('hex');
}

function filesIn(path: string): string[] {
  if (!existsSync(path)) return [];
  let entries: import('node:fs').Dirent[];
  try {
    entries = readdirSync(path, { withFileTypes: true, recursive: true });
  } catch {
    return [path];
  }
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => join(entry.parentPath, entry.name)).sort();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildWeb((line) => console.log(line));
}
