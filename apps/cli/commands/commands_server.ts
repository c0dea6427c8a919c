import type { Command } from 'commander';
import { examples, json } from './command.ts';

export function addServer(program: Command): void {
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

export function addSetUp(program: Command): void {
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

export function addService(program: Command): void {
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
