import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));
const checkout = join(root, '..', '..');
const dist = join(root, 'dist');
const stamp = join(dist, '.stamp');

/**
 * Builds the web app into `apps/web/dist` and answers that folder. Nothing is done where the
 * sources are the ones that it was built from the last time.
 */
export async function buildWeb(say: (line: string) => void = () => {}): Promise<string> {
  const hash = hashOfSources();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return dist;
  say('Building the web app …');
  const draft = `${dist}-${process.pid}`;
  const { build } = await import('vite');
  const { default: react } = await import('@vitejs/plugin-react');
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    plugins: [react()],
    build: {
      outDir: draft,
      emptyOutDir: true,
      target: 'es2023',
      manifest: true,
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 800,
    },
  });
  writeFileSync(join(draft, '.stamp'), hash);
  swap(draft);
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
    plugins: [react()],
    cacheDir: join(checkout, 'node_modules', '.vite'),
    server: { port, strictPort: true, proxy, fs: { allow: [checkout] } },
  });
  await server.listen();
  return {
    reload: () => server.ws.send({ type: 'full-reload' }),
    close: () => server.close(),
  };
}

/** Whole or not at all, also where two build at once: the later one's is the same. */
function swap(draft: string): void {
  const old = `${draft}-old`;
  try {
    if (existsSync(dist)) renameSync(dist, old);
    renameSync(draft, dist);
  } catch (error) {
    if (!existsSync(stamp)) throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
    rmSync(old, { recursive: true, force: true });
  }
}

// The lock file stands for the packages; the two amount files are shared with the server.
function hashOfSources(): string {
  const hash = createHash('sha256');
  const parts = ['apps/web/src', 'apps/web/public', 'kernel/ui', 'kernel/database/money.ts'];
  const single = ['modules/pos/receipt_amounts.ts', 'apps/web/index.html', 'apps/web/build.ts'];
  for (const part of [...parts, ...single, 'package-lock.json']) {
    for (const file of filesIn(join(checkout, part))) {
      hash.update(file.slice(checkout.length)).update('\0').update(readFileSync(file));
    }
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
