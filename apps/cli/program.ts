import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';

const root = join(import.meta.dirname, '..', '..');

/** Modules that lie in the kernel; the others are the folders under modules/. */
const KERNEL_MODULES = ['kernel', 'identity', 'audit'];

/**
 * The whole command line. What a command does is imported when it runs; the operations of a module
 * are read only where the call names that module.
 */
export async function makeProgram(args: string[]): Promise<Command> {
  const program = new Command('kontor')
    .description('The back office of a shop, on a machine of its own.')
    .version(version(), '-V, --version', 'say the version')
    .helpOption('-h, --help', 'say how a command is called')
    .exitOverride()
    .showHelpAfterError('Add --help to see how it is called.')
    .configureHelp({ showGlobalOptions: false });
  for (const add of GROUPS) add(program);
  const named = args.find((arg) => !arg.startsWith('-'));
  if (named && isModule(named)) {
    const { addOperations } = await import('./operations.ts');
    await addOperations(program, named);
  }
  examples(
    program,
    'Every operation is a command: kontor <module> <document> <verb>, for instance',
    'kontor pos till_session close --help',
  );
  return program;
}

export function version(): string {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;
}

export function isModule(name: string): boolean {
  if (!/^[a-z_]+$/.test(name)) return false;
  return KERNEL_MODULES.includes(name) || existsSync(join(root, 'modules', name, 'module.ts'));
}

function examples(command: Command, ...lines: string[]): Command {
  const said = lines.map((l) => (l.startsWith('kontor ') ? `  ${l}` : l));
  return command.addHelpText('after', `\nExamples:\n${said.join('\n')}`);
}

const url = () => new Option('--url <url>', 'a Kontor elsewhere, such as https://shop.example');
const json = () => new Option('--json', 'answer as JSON');
const many = (value: string, before: string[] | undefined) => [...(before ?? []), value];

const GROUPS = [addSetUp, addLists, addReports];

function addSetUp(program: Command): void {
  examples(
    program
      .command('init')
      .description('set up the business: by flags, or by questions without them')
      .option('--profile <name>', 'the kind of business: retail')
      .option('--company <name>', 'what the company is called')
      .option('--admin <username>', 'the first administrator')
      .option('--password-file <file>', 'their password is on its first line; - is standard input')
      .option('--country <code>', 'US, or ZZ for elsewhere')
      .option('--currency <code>', 'of the books, such as USD')
      .option('--store <name>', 'what the first store is called')
      .option('--time-zone <name>', 'of the first store, such as America/New_York')
      .option('--demo', 'a demo shop to look around in')
      .action(async (options) => (await import('./init.ts')).initCommand(options)),
    'kontor init',
    'kontor init --profile retail --company "Hill Bikes" --admin owner --password-file password.txt',
  );
}

function addLists(program: Command): void {
  examples(
    program
      .command('list')
      .description('list the rows of a table or view')
      .argument('<module.table>', 'such as master.party')
      .addOption(json())
      .option('--search <text>', 'only rows in which this is found')
      .option('--filter <condition>', "such as 'country = US'; may be repeated", many)
      .option('--sort <column>', 'a column; -column for descending')
      .option('--limit <rows>', 'how many rows (50)')
      .option('--all', 'every row')
      .addOption(url())
      .action(async (...a) => (await import('./list.ts')).listCommand(a[0], a[1])),
    'kontor list master.store --json',
    "kontor list master.party --search hill --filter 'is_customer = true' --sort -number",
  );
}

function addReports(program: Command): void {
  const report = program.command('report');
  examples(
    report
      .description(
        'run a report, its parameters as options (--to 2026-12-31); without a name, list them',
      )
      .argument('[name]', 'such as trial_balance')
      .addOption(json())
      .addOption(url())
      .allowUnknownOption()
      .allowExcessArguments()
      .action(async (...a) => (await import('./report.ts')).reportCommand(report.args, a[1])),
    'kontor report',
    'kontor report trial_balance --json',
  );
}
