import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import '../../../kernel/sentences.ts';
import {
  elsewhereFolder,
  isElsewhereName,
  modulesElsewhere,
  switchModule,
} from '../../../kernel/elsewhere.ts';
import { openHome } from '../../../kernel/home.ts';
import { problem, registerSentences } from '../../../kernel/problem.ts';
import { homeFolder } from '../../../kernel/settings.ts';
import { printJson, printTable } from '../output/print.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const SAMPLE = 'x_sample';

registerSentences({
  module_there: {
    status: 409,
    sentence: 'There is something at {path} already. Choose another name; nothing was changed.',
  },
});

/** The modules from elsewhere: where each lies, and whether it is on. */
export function moduleList({ json }: { json?: boolean }): void {
  const rows = modulesElsewhere().map((m) => ({ ...m, on: m.on ? 'on' : 'off' }));
  if (json) {
    printJson({ rows });
  } else if (rows.length === 0) {
    process.stdout.write(
      `There is none in ${elsewhereFolder()}. Make one: kontor module new NAME\n`,
    );
  } else {
    const columns = ['name', 'on', 'package', 'folder'];
    printTable(
      columns.map((name) => ({ name, title: name })),
      rows,
    );
  }
}

/** Switches a module on or off, from the next start; its data stays. away: one that isn't here. */
export function moduleSwitch(name: string, on: boolean, away = false): void {
  if (away) ground();
  switchModule(name, on, away);
  const what = on ? 'switched on' : 'switched off; its data stays';
  process.stdout.write(`${name} is ${what}. It takes effect at the next start.\n`);
}

/** Makes a working module out of the sample: schema, list, form, permission, translation, story. */
export function moduleNew(given: string): void {
  const name = given.startsWith('x_') ? given : `x_${given}`;
  if (!isElsewhereName(name)) throw problem('module_name_wrong', { name: given });
  const place = ground();
  const folder = join(place, name);
  if (existsSync(folder)) throw problem('module_there', { path: folder });
  const draft = join(place, `.${name}-${process.pid}`);
  cpSync(join(root, 'examples', SAMPLE), draft, { recursive: true });
  const files = readdirSync(draft, { recursive: true, withFileTypes: true });
  for (const file of files.filter((f) => f.isFile())) {
    const path = join(file.parentPath, file.name);
    writeFileSync(path, renamed(readFileSync(path, 'utf8'), name));
  }
  renameSync(draft, folder);
  process.stdout.write(
    `${name} is in ${folder}. Next:\n` +
      `  kontor module check ${name}    types, style and its stories\n` +
      '  kontor start                   it is in the menu\n',
  );
}

function renamed(text: string, name: string): string {
  const label = name.slice(2).replaceAll('_', ' ');
  return text
    .replaceAll(SAMPLE, name)
    .replaceAll('Sample', label.charAt(0).toUpperCase() + label.slice(1))
    .replaceAll('the sample', `the ${label}`);
}

/** The folder of modules, with what editors and npm want to find in it. */
export function ground(): string {
  if (process.env.KONTOR_MODULES === undefined) openHome(homeFolder());
  const place = elsewhereFolder();
  if (!place) throw problem('module_unknown', { name: '', where: 'KONTOR_MODULES' });
  mkdirSync(place, { recursive: true });
  const write = (file: string, said: unknown) => {
    const path = join(place, file);
    if (!existsSync(path)) writeFileSync(path, `${JSON.stringify(said, null, 2)}\n`);
  };
  write('package.json', { private: true, type: 'module' });
  write('tsconfig.json', typescriptSettings(place));
  return place;
}

/** As our own code is checked, with Kontor's kernel and the types made for these modules. */
function typescriptSettings(place: string): unknown {
  const to = (path: string) => relative(place, join(root, path)) || '.';
  return {
    extends: to('tsconfig.json'),
    compilerOptions: {
      typeRoots: [to('node_modules/@types')],
      paths: {
        '#kernel': [to('kernel/index.ts')],
        '#kernel/test': [to('kernel/test/story.ts')],
        '#kernel/ui': [to('kernel/ui/index.ts')],
        '#generated/*': ['./.made/*.ts'],
        // Pages are built with Kontor's own React.
        react: [to('node_modules/@types/react/index.d.ts')],
        'react/*': [to('node_modules/@types/react/*.d.ts')],
        '@tanstack/react-query': [to('node_modules/@tanstack/react-query/build/modern/index.d.ts')],
        '@mantine/core': [to('node_modules/@mantine/core/lib/index.d.mts')],
      },
    },
    include: ['x_*/**/*.ts', 'x_*/**/*.tsx', '.made/*.ts'],
    exclude: ['node_modules'],
  };
}
