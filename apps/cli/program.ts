import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { modulesElsewhere } from '../../kernel/elsewhere.ts';
import { examples } from './commands/command.ts';
import { addData, addDocuments, addFiles, addLists, addReports } from './commands/commands_data.ts';
import { addServer, addService, addSetUp } from './commands/commands_server.ts';
import { addModules, addUpkeep, addUsers } from './commands/commands_upkeep.ts';

const root = join(import.meta.dirname, '..', '..');

/** In the order in which --help names them. */
const GROUPS = [
  addServer,
  addSetUp,
  addData,
  addFiles,
  addLists,
  addDocuments,
  addReports,
  addUsers,
  addModules,
  addService,
  addUpkeep,
];

/**
 * The whole command line. What a command does is imported when it runs; the operations of a module
 * are read only where the call names that module.
 */
export async function makeProgram(args: string[]): Promise<Command> {
  const program = new Command('kontor')
    .description('The back office of a shop, on a machine of its own.')
    .version(version(), '-V, --version', 'say the version')
    .helpOption('-h, --help', 'say how a command is called')
    .enablePositionalOptions()
    .exitOverride()
    .showHelpAfterError('Add --help to see how it is called.')
    .configureHelp({ showGlobalOptions: false });
  for (const add of GROUPS) add(program);
  const named = args.find((arg) => !arg.startsWith('-'));
  if (named && isModule(named)) {
    const { addOperations } = await import('./commands/operations.ts');
    await addOperations(program, named);
  }
  examples(
    program,
    'kontor init --company "Hill Bikes" --admin owner --password-file password.txt',
    'kontor list catalog.product --search trail',
    'kontor pos till_session close --help',
    '\nEvery operation is a command: kontor <module> <document> <verb>.',
  );
  return program;
}

export function version(): string {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;
}

/** Told by folders: reading the modules themselves takes longer than most commands do. */
export function isModule(name: string): boolean {
  if (!/^[a-z_]+$/.test(name)) return false;
  return (
    name === 'kernel' ||
    (name !== 'database' && existsSync(join(root, 'kernel', name, 'schema'))) ||
    existsSync(join(root, 'modules', name, 'module.ts')) ||
    modulesElsewhere().some((m) => m.on && m.name === name)
  );
}
