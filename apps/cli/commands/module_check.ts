import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { modulesElsewhere } from '../../../kernel/elsewhere.ts';
import { problem } from '../../../kernel/problem.ts';
import { ground } from './module.ts';

const root = join(import.meta.dirname, '..', '..', '..');

/**
 * Checks modules from elsewhere as our own are: types made from the catalogue, TypeScript, style,
 * what every table owes, their stories. Answers whether all of it holds.
 */
export function moduleCheck(name: string | undefined): boolean {
  const place = ground();
  const chosen = modulesElsewhere().filter((m) => !name || m.name === name);
  if (chosen.length === 0) throw problem('module_unknown', { name: name ?? 'x_…', where: place });
  const folders = chosen.map((m) => m.folder);
  const stories = folders.flatMap((f) => globSync(join(f, '**', '*.test.ts')));
  const ours = ['tidy/promises', 'tidy/dependencies', 'kernel/database/catalogue'];
  const hooks = join(root, 'kernel', 'elsewhere_hooks.ts');
  const steps: [string, string[]][] = [
    ['types', [join(root, 'kernel/database/types.ts'), join(place, '.made')]],
    ['TypeScript', [join(root, 'node_modules/typescript/bin/tsc'), '-p', place]],
    ['style', [...style, ...folders]],
    [
      'stories',
      [
        ...['--import', hooks, '--test', '--test-concurrency=2', '--test-reporter=spec'],
        ...ours.map((file) => join(root, `${file}.test.ts`)),
        ...stories,
      ],
    ],
  ];
  return steps.every(([what, args]) => {
    process.stdout.write(`# ${what}\n`);
    // Without the mark of a test run around it, which would make the stories part of that one.
    const { NODE_TEST_CONTEXT: _, ...around } = process.env;
    const env = { ...around, KONTOR_MODULES: place, KONTOR_ENV: 'test' };
    return spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env }).status === 0;
  });
}

const style = [
  join(root, 'node_modules/@biomejs/biome/bin/biome'),
  'ci',
  '--error-on-warnings',
  `--config-path=${join(root, 'biome.json')}`,
];
