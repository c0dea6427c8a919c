import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { FastifyInstance } from 'fastify';
import type { Database } from '../database/connect.ts';
import { asProblem } from '../database/refusal.ts';
import { root } from '../modules.ts';
import { tokenOf } from './who.ts';

interface Part {
  name: string;
  version: string;
  licence: string;
}

const MOST_LINES = 200;

/** What this Kontor is made of, and what its log says of a request. */
export function aboutRoutes(
  app: FastifyInstance,
  { db, home, version }: { db: Database; home: string; version: string },
): void {
  app.get('/api/v1/about', async (request) => {
    await ask(db, 'select kernel_logic.me($1)', [tokenOf(request)]);
    const [{ server_version } = { server_version: '' }] = await ask(db, 'show server_version', []);
    const postgresql = String(server_version).split(' ')[0] ?? '';
    return { version, node: process.versions.node, postgresql, parts: parts() };
  });

  app.get<{ Params: { request: string } }>('/api/v1/log/:request', async (request) => {
    await ask(db, 'select kernel_logic.check_everywhere($1, $2)', [
      tokenOf(request),
      'kernel.administer',
    ]);
    const wanted = request.params.request;
    if (!/^[\w.:-]{8,100}$/.test(wanted)) return { lines: [] };
    return { lines: await linesAbout(join(home, 'run', 'kontor.log'), wanted) };
  });
}

async function ask(db: Database, text: string, values: unknown[]) {
  try {
    return (await db.app.query(text, values)).rows as Record<string, unknown>[];
  } catch (error) {
    throw asProblem(error);
  }
}

let found: Part[] | undefined;

/** The packages that a shop runs, out of the lock file; those that only tests need are left out. */
function parts(): Part[] {
  if (found) return found;
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<
      string,
      { version?: string; license?: string; dev?: boolean; optional?: boolean }
    >;
  };
  const all = Object.entries(packages)
    .filter(([path, { dev, license }]) => path && !dev && license)
    .map(([path, said]) => ({
      name: path.replace(/^.*node_modules\//, ''),
      version: said.version ?? '',
      licence: said.license ?? '',
    }));
  const unique = new Map(all.map((part) => [`${part.name} ${part.version}`, part]));
  found = [...unique.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return found;
}

async function linesAbout(file: string, request: string): Promise<Record<string, unknown>[]> {
  const lines: Record<string, unknown>[] = [];
  try {
    for await (const line of createInterface({ input: createReadStream(file, 'utf8') })) {
      if (!line.includes(request)) continue;
      const said = read(line);
      if ([said?.request_id, said?.reqId, said?.run].includes(request)) lines.push(said ?? {});
      if (lines.length >= MOST_LINES) break;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return lines;
}

function read(line: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
