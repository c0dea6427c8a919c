import type { Command } from 'commander';
import { examples, json, url } from './command.ts';

export function addData(program: Command): void {
  examples(
    program
      .command('import')
      .description('bring data from files: all of it, or nothing')
      .argument('[paths...]', 'CSV or Excel files, or folders of them')
      .option('--dry-run', 'say every problem, change nothing')
      .option('--map <file>', 'which column is which field, as JSON')
      .option('--undo <import>', 'take back an import as a whole, by its id')
      .addOption(json())
      .addOption(url())
      .action(async (paths, options) =>
        (await import('./import.ts')).importCommand(paths, options),
      ),
    'kontor import data --dry-run',
    'kontor import data/customers.csv --json',
    'kontor import --undo 0197a0de-0000-7000-8000-000000000000',
  );
  examples(
    asked(
      program
        .command('export')
        .description('write the rows of a table, view or report into a file'),
    )
      .requiredOption('--to <file>', 'where to; - is standard output')
      .option('--format <format>', 'csv, json or xlsx (as the file is named)')
      .option('--parameter <name=value>', 'of a report; may be repeated', many)
      .addOption(url())
      .action(async (table, options) =>
        (await import('./export.ts')).exportCommand(table, options),
      ),
    'kontor export master.party --to customers.csv',
    'kontor export master.party --to customers.xlsx',
    'kontor export trial_balance --to balance.xlsx --parameter to=2026-12-31',
    "kontor export master.store --to stores.json --filter 'country = US'",
    'kontor export pos.receipt --to by_store.csv --group store_id --total sum:gross_amount',
  );
}

export function addFiles(program: Command): void {
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

export function addDocuments(program: Command): void {
  examples(
    program
      .command('print')
      .description('write a document as PDF')
      .argument('<document>', 'such as pos.receipt')
      .argument('<number>', 'of the document, or its id')
      .requiredOption('--to <file>', 'where to; - is standard output')
      .option('--paper <paper>', 'a4, a5, letter, or roll (80 mm)')
      .option('--language <language>', 'such as ar')
      .addOption(url())
      .action(async (document, number, options) =>
        (await import('./document.ts')).printCommand(document, number, options),
      ),
    'kontor print pos.receipt T1-A00001 --to receipt.pdf',
    'kontor print pos.receipt T1-A00001 --paper roll --language ar --to receipt.pdf',
  );
}

export function addLists(program: Command): void {
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

export function addReports(program: Command): void {
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

const many = (value: string, before: string[] | undefined) => [...(before ?? []), value];
