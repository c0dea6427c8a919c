import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Chunk {
  file: string;
  imports?: string[];
  css?: string[];
}

/** What these addresses begin with, as the router says it; of others it is loaded when they are. */
export const FIRST: [path: RegExp, ...parts: string[]][] = [
  [/^\/$/, '../../modules/sales/dashboard/dashboard_page.tsx'],
  [/^\/till$/, '../../modules/pos/till/till_page.tsx'],
  [
    /^\/(?!reports|settings)\w+\/\w+$/,
    '../../kernel/ui/list/page.tsx',
    '../../kernel/ui/list/rows.ts',
  ],
  [/^\/(?!reports|settings)\w+\/\w+\/[0-9a-f-]{36}$/, '../../kernel/ui/record/page.tsx'],
];

/**
 * The app's page for each path. It names the scripts that the path begins with, so that they come
 * while the app's base is read, and not after it.
 */
export function pageFor(dist: string): (path: string) => string {
  const page = readFileSync(join(dist, 'index.html'), 'utf8');
  const manifest = join(dist, '.vite', 'manifest.json');
  const chunks: Record<string, Chunk> = existsSync(manifest)
    ? JSON.parse(readFileSync(manifest, 'utf8'))
    : {};
  const linkOf = (file: string) =>
    page.includes(file) ? '' : `<link rel="modulepreload" crossorigin href="/${file}">`;
  const pages = FIRST.map(([path, ...parts]) => {
    const all = new Set(parts.flatMap((name) => [...withImports(name, chunks)]));
    const links = [...all].map((one) => linkOf(chunks[one]?.file ?? '')).join('');
    return [path, page.replace('</head>', `${links}</head>`)] as const;
  });
  return (asked) => pages.find(([path]) => path.test(asked))?.[1] ?? page;
}

/** A part of the app with all that it imports. */
export function withImports(
  name: string,
  chunks: Record<string, Chunk>,
  seen = new Set<string>(),
): Set<string> {
  if (!chunks[name] || seen.has(name)) return seen;
  seen.add(name);
  for (const one of chunks[name].imports ?? []) withImports(one, chunks, seen);
  return seen;
}
