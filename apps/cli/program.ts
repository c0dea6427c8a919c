import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { modulesElsewhere } from '../../kernel/elsewhere.ts';

const root = join(import.meta.dirname, '..', '..');

/** Modules that lie in the kernel; the others are the folders under modules/. */
const KERNEL_MODULES = ['kernel', 'identity', 'audit', 'jobs', 'files', 'webhooks'];

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
    const { addOperations } = await import('./operations.ts');
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

export function isModule(name: string): boolean {
  if (!/^[a-z_]+$/.test(name)) return false;
  return (
    KERNEL_MODULES.includes(name) ||
    existsSync(join(root, 'modules', name, 'module.ts')) ||
    modulesElsewhere().some((m) => m.on && m.name === name)
  );
}

function examples(command: Command, ...lines: string[]): Command {
  const said = lines.map((l) => (l.startsWith('kontor ') ? `  ${l}` : l));
  return command.addHelpText('after', `\nExamples:\n${said.join('\n')}`);
}

const url = () => new Option('--url <url>', 'a Kontor elsewhere, such as https://shop.example');
const json = () => new Option('--json', 'answer as JSON');
const many = (value: string, before: string[] | undefined) => [...(before ?? []), value];

const GROUPS = [
  addServer,
  addSetUp,
  addData,
  addFiles,
  addLists,
  addReports,
  addUsers,
  addModules,
  addService,
  addUpkeep,
];

function addServer(program: Command): void {
  examples(
    program
      .command('start')
      .alias('serve')
      .description('serve in the foreground, until Ctrl-C or “kontor stop”')
      .option('--lan', 'HTTPS for the devices of your network, by a certificate of your own')
      .option('--behind-proxy', 'a proxy stands before it and speaks HTTPS')
      .option('--insecure', 'plain HTTP although others can reach it')
      .option('--host <address>', 'where to listen (HOST, 127.0.0.1)')
      .option('--port <number>', 'at which port (PORT, 7070)')
      .action(async (options) => (await import('./start.ts')).startCommand(options)),
    'kontor start',
    'kontor start --port 8080',
    'kontor start --lan',
  );
  examples(
    program
      .command('stop')
      .description('stop the server of this data home in good order')
      .action(async () => (await import('./server.ts')).stopCommand()),
    'kontor stop',
  );
  examples(
    program
      .command('status')
      .description('say whether it runs, and where')
      .addOption(json())
      .action(async (options) => (await import('./server.ts')).statusCommand(options)),
    'kontor status',
    'kontor status --json',
  );
}

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
  examples(
    program
      .command('login')
      .description('sign in to a Kontor elsewhere')
      .option('--url <url>', 'its address, such as https://shop.example')
      .option('--username <username>', 'asked for where it is missing')
      .option('--password-file <file>', 'asked for where it is missing; - is standard input')
      .option('--insecure', 'plain HTTP to another machine')
      .action(async (options) => (await import('./login.ts')).loginCommand(options)),
    'kontor login --url http://localhost:7070 --username owner --password-file password.txt',
  );
  examples(
    program
      .command('logout')
      .description('sign out again')
      .action(async () => (await import('./login.ts')).logoutCommand()),
    'kontor logout',
  );
}

function addData(program: Command): void {
  examples(
    program
      .command('import')
      .description('bring data from files: all of it, or nothing')
      .argument('<paths...>', 'CSV files, or folders of them')
      .option('--dry-run', 'say every problem, change nothing')
      .option('--map <file>', 'which column is which field, as JSON')
      .addOption(json())
      .addOption(url())
      .action(async (paths, options) =>
        (await import('./import.ts')).importCommand(paths, options),
      ),
    'kontor import data --dry-run',
    'kontor import data/customers.csv --json',
  );
  examples(
    asked(program.command('export').description('write the rows of a table or view into a file'))
      .requiredOption('--to <file>', 'where to; - is standard output')
      .option('--format <format>', 'csv, or json (as the file is named)')
      .addOption(url())
      .action(async (table, options) =>
        (await import('./export.ts')).exportCommand(table, options),
      ),
    'kontor export master.party --to customers.csv',
    "kontor export master.store --to stores.json --filter 'country = US'",
    'kontor export pos.receipt --to by_store.csv --group store_id --total sum:gross_amount',
  );
}

function addFiles(program: Command): void {
  const file = program.command('file').description('files on records');
  examples(
    file
      .command('add')
      .description('put files on a record')
      .argument('<module.table>', 'such as master.party')
      .argument('<id>', 'of the record')
      .argument('<paths...>', 'the files')
      .addOption(url())
      .action(async (table, id, paths, options) =>
        (await import('./file.ts')).fileAdd(table, id, paths, options),
      ),
    'kontor file add master.party 0197a0de-0000-7000-8000-000000000000 contract.pdf',
  );
  examples(
    file
      .command('list')
      .description('list the files of a record')
      .argument('<module.table>', 'such as master.party')
      .argument('<id>', 'of the record')
      .addOption(json())
      .addOption(url())
      .action(async (table, id, options) =>
        (await import('./file.ts')).fileList(table, id, options),
      ),
    'kontor file list master.party 0197a0de-0000-7000-8000-000000000000',
  );
  examples(
    file
      .command('get')
      .description('write a file to this machine')
      .argument('<id>', 'of the file, as the list says')
      .requiredOption('--to <file>', 'where to; - is standard output')
      .addOption(url())
      .action(async (id, options) => (await import('./file.ts')).fileGet(id, options)),
    'kontor file get 0197a0de-0000-7000-8000-000000000000 --to contract.pdf',
  );
}

/** What a list and an export of it can be asked for. */
const asked = (command: Command): Command =>
  command
    .argument('<module.table>', 'such as master.party')
    .option('--search <text>', 'only rows in which this is found')
    .option('--filter <condition>', "such as 'country = US'; may be repeated", many)
    .option('--sort <columns>', 'columns between commas; -column for descending')
    .option('--columns <columns>', 'between commas; brand_id.name is the name of the brand')
    .option('--group <columns>', 'one or two; business_on:month by month')
    .option('--total <total>', 'of groups: sum:quantity, also avg, min, max', many)
    .option('--view <name>', 'a saved view');

function addLists(program: Command): void {
  examples(
    asked(program.command('list').description('list the rows of a table or view'))
      .addOption(json())
      .option('--limit <rows>', 'how many rows (50)')
      .option('--all', 'every row')
      .addOption(url())
      .action(async (table, options) => (await import('./list.ts')).listCommand(table, options)),
    'kontor list master.store --json',
    "kontor list master.party --search hill --filter 'is_customer = true' --sort -number",
    "kontor list pos.receipt --filter 'happened_at within last 30 days' --group store_id --total sum:gross_amount",
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

function addUsers(program: Command): void {
  const user = program.command('user').description('who may sign in, and what each may do');
  const named = (name: string, description: string) =>
    user.command(name).description(description).requiredOption('--username <username>', 'whom');
  const passwordFile = '--password-file <file>';
  const passwordHelp = 'the password is on its first line; - is standard input';
  examples(
    user
      .command('list')
      .description('list the users with their roles')
      .addOption(json())
      .addOption(url())
      .action(async (options) => (await import('./user.ts')).userList(options)),
    'kontor user list',
  );
  examples(
    named('add', 'make a user with a role')
      .requiredOption('--role <role>', 'cashier, manager or administrator')
      .requiredOption(passwordFile, passwordHelp)
      .option('--name <name>', 'as others read it')
      .option('--email <address>', 'good for signing in, too')
      .option('--store <code>', 'only in this store')
      .addOption(json())
      .addOption(url())
      .action(async (options) => (await import('./user.ts')).userAdd(options)),
    'kontor user add --username mia --name "Mia Hill" --role cashier --store MAIN --password-file password.txt',
  );
  examples(
    named('password', 'give a user a new password, at this machine')
      .requiredOption(passwordFile, passwordHelp)
      .option('--keep', 'without having to change it at the next sign-in')
      .action(async (options) => (await import('./user.ts')).userPassword(options)),
    'kontor user password --username mia --password-file password.txt',
  );
  examples(
    named('switch', 'switch a user on or off')
      .option('--on', 'may sign in')
      .option('--off', 'may not sign in, and is signed out')
      .addOption(url())
      .action(async (options) => (await import('./user.ts')).userSwitch(options)),
    'kontor user switch --username mia --off',
    'kontor user switch --username mia --on',
  );
  examples(
    named('role', 'give a user a role or take it away, at this machine')
      .requiredOption('--role <role>', 'cashier, manager or administrator')
      .option('--store <code>', 'only in this store')
      .option('--remove', 'take it away')
      .action(async (options) => (await import('./user.ts')).userRole(options)),
    'kontor user role --username mia --role manager --store MAIN',
    'kontor user role --username mia --role manager --store MAIN --remove',
  );
}

function addModules(program: Command): void {
  const group = program
    .command('module')
    .description('modules from elsewhere: yours, and packages');
  examples(
    group
      .command('list')
      .description('say which there are, and which are on')
      .addOption(json())
      .action(async (options) => (await import('./module.ts')).moduleList(options)),
    'kontor module list',
  );
  examples(
    group
      .command('new')
      .description('make a working one: schema, list, form, permission, translation, story')
      .argument('<name>', 'such as loans; it becomes x_loans')
      .action(async (name) => (await import('./module.ts')).moduleNew(name)),
    'kontor module new loans',
  );
  examples(
    group
      .command('check')
      .description('types, style, what every table owes, and the stories')
      .argument('[name]', 'one of them; all without it')
      .action(async (name) => {
        if (!(await import('./module_check.ts')).moduleCheck(name)) process.exitCode = 1;
      }),
    'kontor module check x_loans',
  );
  for (const on of [true, false]) {
    const verb = on ? 'on' : 'off';
    examples(
      group
        .command(verb)
        .description(`switch one ${verb}, from the next start; its data stays`)
        .argument('<name>', 'such as x_loans')
        .action(async (name) => (await import('./module.ts')).moduleSwitch(name, on)),
      `kontor module ${verb} x_loans`,
    );
  }
  examples(
    group
      .command('add')
      .description('bring one by npm; none of its scripts run')
      .argument('<package>', 'a package, a folder or a packed file')
      .action(async (what) => (await import('./module_package.ts')).moduleAdd(what)),
    'kontor module add ./x_repairs',
  );
  examples(
    group
      .command('remove')
      .description('take a package away again; its data stays')
      .argument('<name>', 'such as x_repairs')
      .action(async (name) => (await import('./module_package.ts')).moduleRemove(name)),
    'kontor module remove x_repairs',
  );
}

function addService(program: Command): void {
  const service = program.command('service').description('start Kontor with this machine');
  examples(
    service
      .command('install')
      .description('start it at boot, by systemd: the machine’s for root, else your own')
      .option('--lan', 'for the devices of the shop, by HTTPS')
      .option('--behind-proxy', 'a proxy stands before it and speaks HTTPS')
      .option('--print', 'show the unit, install nothing')
      .action(async (options) => (await import('./service.ts')).serviceInstall(options)),
    'kontor service install --print',
  );
  examples(
    service
      .command('remove')
      .description('start it at boot no more; its data stays')
      .action(async () => (await import('./service.ts')).serviceRemove()),
    'kontor service remove',
  );
}

function addUpkeep(program: Command): void {
  examples(
    program
      .command('backup')
      .description('copy the whole data home into one file, while people work')
      .requiredOption('--to <file>', 'where to')
      .action(async (options) => (await import('./backup.ts')).backupCommand(options)),
    'kontor backup --to kontor.tar.gz',
  );
  examples(
    program
      .command('restore')
      .description('make a data home out of a backup')
      .requiredOption('--from <file>', 'the backup')
      .requiredOption('--home <folder>', 'an empty folder, or one that isn’t there')
      .action(async (options) => (await import('./backup.ts')).restoreCommand(options)),
    'kontor restore --from kontor.tar.gz --home restored',
  );
  examples(
    program
      .command('dump')
      .description('write everything into one file that loads anywhere, also into a later version')
      .requiredOption('--to <file>', 'where to')
      .action(async (options) => (await import('./dump.ts')).dumpCommand(options)),
    'kontor dump --to kontor-dump.tar.gz',
  );
  examples(
    program
      .command('load')
      .description('make a data home, or what DATABASE_URL names, out of a dump')
      .requiredOption('--from <file>', 'the dump')
      .requiredOption('--home <folder>', 'an empty folder, or one that isn’t there')
      .action(async (options) => (await import('./dump.ts')).loadCommand(options)),
    'kontor load --from kontor-dump.tar.gz --home loaded',
  );
  examples(
    program
      .command('upgrade')
      .description(
        'bring the database to the PostgreSQL that this Kontor brings; keeps the old one',
      )
      .option('--again', 'also where the version is the same already')
      .option('--back', 'put the database from before the upgrade back')
      .action(async (options) => (await import('./upgrade.ts')).upgradeCommand(options)),
    'kontor upgrade',
    'kontor upgrade --back',
  );
  examples(
    program
      .command('doctor')
      .description('look at everything that can be wrong')
      .addOption(json())
      .action(async (options) => (await import('./doctor.ts')).doctorCommand(options)),
    'kontor doctor',
    'kontor doctor --json',
  );
}
