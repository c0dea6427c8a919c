import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../kernel/modules.ts';

export interface SourceFile {
  /** From the root of the project, with slashes. */
  path: string;
  text: string;
}

const NOT_OURS = ['node_modules', 'dist', 'generated', '.git', 'test-results'];

/** What people wrote by hand, by pattern. */
export function sources(pattern: string): SourceFile[] {
  const paths = globSync(pattern, {
    cwd: root,
    exclude: (name) => NOT_OURS.includes(name.split(/[\\/]/).at(-1) ?? ''),
  });
  return paths.sort().map((path) => ({
    path: path.replaceAll('\\', '/'),
    text: readFileSync(join(root, path), 'utf8'),
  }));
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s+(type\s+)?(?:[^'"`;]*?\sfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)/g;

/** What a TypeScript file imports; whole-type imports are gone when it runs. */
export function importsOf({ text }: SourceFile): { from: string; typeOnly: boolean }[] {
  return [...text.matchAll(IMPORT)].map((m) => ({
    from: m[2] ?? m[3] ?? '',
    typeOnly: m[1] !== undefined,
  }));
}

/** SQL without its comments. */
export const withoutComments = (sql: string): string =>
  sql.replace(/--[^\n]*/g, '').replace(/comment on [\s\S]*?';/g, '');
