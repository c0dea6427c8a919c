import { globSync, readFileSync } from 'node:fs';
import { join, matchesGlob, relative } from 'node:path';
import { modulesElsewhere } from '../kernel/elsewhere.ts';
import { root } from '../kernel/modules.ts';

export interface SourceFile {
  /** From the root of the project, with slashes. */
  path: string;
  text: string;
}

const NOT_OURS = ['node_modules', 'dist', 'generated', '.git', 'test-results'];

/**
 * What people wrote by hand, by pattern. Modules from elsewhere that are checked too (KONTOR_MODULES)
 * stand among ours: modules/x_….
 */
export function sources(pattern: string): SourceFile[] {
  const found = filesOf(root, pattern);
  for (const m of modulesElsewhere()) {
    const as = `modules/${m.name}/`;
    const files = filesOf(m.folder, '**/*').filter(({ path }) => matchesGlob(as + path, pattern));
    found.push(...files.map(({ path, text }) => ({ path: as + path, text })));
  }
  return found;
}

function filesOf(folder: string, pattern: string): SourceFile[] {
  const entries = globSync(pattern, {
    cwd: folder,
    withFileTypes: true,
    exclude: ({ name }) => NOT_OURS.includes(name),
  });
  const paths = entries.filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name));
  return paths.sort().map((path) => ({
    path: relative(folder, path).replaceAll('\\', '/'),
    text: readFileSync(path, 'utf8'),
  }));
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s+(type\s+)?(?:[^'"`;]*?\sfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)/g;

interface Import {
  from: string;
  /** Gone when it runs. */
  typeOnly: boolean;
  /** By `import()`, when it is needed. */
  later: boolean;
}

/** What a TypeScript file imports. */
export function importsOf({ text }: SourceFile): Import[] {
  return [...text.matchAll(IMPORT)].map((m) => ({
    from: m[2] ?? m[3] ?? '',
    typeOnly: m[1] !== undefined,
    later: m[3] !== undefined,
  }));
}

/** SQL without its comments. */
export const withoutComments = (sql: string): string =>
  sql.replace(/--[^\n]*/g, '').replace(/comment on [\s\S]*?';/g, '');
