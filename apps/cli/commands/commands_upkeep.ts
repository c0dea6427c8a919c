import type { Command } from 'commander';
import { examples, json, url } from './command.ts';

export function addUsers(program: Command): void {
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

export function addModules(program: Command): void {
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
    const command = group
      .command(verb)
      .description(`switch one ${verb}, from the next start; its data stays`)
      .argument('<name>', 'such as x_loans')
      .action(async (name, { away }) => (await import('./module.ts')).moduleSwitch(name, on, away));
    if (!on) command.option('--away', 'one that isn’t in this home, and is in its database');
    examples(command, `kontor module ${verb} x_loans`);
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

export function addUpkeep(program: Command): void {
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
