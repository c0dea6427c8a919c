import { spawnSync } from 'node:child_process';
import { modulesElsewhere, packagesOf, switchModule } from '../../../kernel/elsewhere.ts';
import { problem, registerSentences } from '../../../kernel/problem.ts';
import { ground } from './module.ts';

registerSentences({
  package_failed: {
    status: 500,
    sentence: 'npm could not {verb} {what}. What it said stands above; nothing was changed.',
  },
  package_holds_none: {
    status: 422,
    sentence:
      '{what} holds no module of Kontor: its package.json must say {"kontor": {"module": "x_…"}} ' +
      'and it must hold module.ts or module.js. It was taken out again.',
  },
});

/** Brings modules by npm: a package's name, a folder or a packed file. None of its scripts run. */
export function moduleAdd(what: string): void {
  const place = ground();
  const before = packagesOf(place);
  npm(place, 'install', [what]);
  const brought = packagesOf(place).filter((name) => !before.includes(name));
  const added = modulesElsewhere().filter((m) => m.package && brought.includes(m.package));
  if (added.length === 0) {
    npm(place, 'uninstall', brought);
    throw problem('package_holds_none', { what });
  }
  for (const { name } of added) switchModule(name, true);
  const names = added.map((m) => m.name).join(', ');
  process.stdout.write(`${names} is here, from the next start on. Check it: kontor module check\n`);
}

/** Takes the package of a module away again; the module's data stays in the database. */
export function moduleRemove(name: string): void {
  const place = ground();
  const found = modulesElsewhere().find((m) => m.name === name);
  if (!found?.package) throw problem('module_unknown', { name, where: `${place}/package.json` });
  npm(place, 'uninstall', [found.package]);
  switchModule(name, false, true);
  process.stdout.write(`${name} is gone, from the next start on; its data stays.\n`);
}

function npm(place: string, verb: string, what: string[]): void {
  const { status } = spawnSync(
    process.platform === 'win32' ? 'npm.cmd' : 'npm',
    [
      verb,
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--install-links',
      '--save-exact',
      ...what,
    ],
    { cwd: place, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  if (status !== 0) throw problem('package_failed', { verb, what: what.join(', ') });
}
