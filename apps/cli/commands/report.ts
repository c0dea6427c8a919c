import { reports } from '../../../kernel/database/reading/reports.ts';
import { totalsOf } from '../../../kernel/ui/chart/report_totals.ts';
import { atDesk } from '../desk/desk.ts';
import { WrongCall } from '../output/fail.ts';
import { printJson, printTable } from '../output/print.ts';

/** Runs a report; its parameters are the options that no one else knows. */
export async function reportCommand(
  words: string[],
  { json, url }: { json?: boolean; url?: string },
): Promise<void> {
  const name = words[0]?.startsWith('-') ? undefined : words[0];
  const parameters = parametersOf(words.slice(name ? 1 : 0));
  if (!name) return listReports(json);
  await atDesk(url ? { url } : {}, async (desk) => {
    const known = (await reports()).get(name)?.parameters.map((p) => p.name);
    const wrong = Object.keys(parameters).find((p) => known && !known.includes(p));
    if (wrong) {
      const say = known?.length
        ? `It takes ${known.map((k) => `--${k}`).join(', ')}.`
        : 'It takes none.';
      throw new WrongCall(`The report ${name} has no parameter --${wrong}. ${say}`);
    }
    const { rows, columns, title } = await desk.report(name, parameters);
    if (json) return printJson({ rows });
    process.stdout.write(`${title}\n\n`);
    const shown = columns.filter(({ type }) => type !== 'uuid');
    const totals = totalsOf(columns, rows);
    // As the web page adds up, to the hundredth; the first column says what it is.
    const plain = (value: unknown) => String(value).replace(/(\.\d\d)0*$/, '$1');
    const last = Object.entries(totals ?? {}).map(([name, value]) => [name, plain(value)]);
    const total = { [shown[0]?.name ?? '']: 'Total', ...Object.fromEntries(last) };
    printTable(
      shown.map((c) => ({ name: c.name, title: c.name })),
      totals ? [...rows, total] : rows,
    );
  });
}

async function listReports(json: boolean | undefined): Promise<void> {
  const rows = [...(await reports()).values()].map((r) => ({
    name: r.name,
    title: r.title,
    parameters: r.parameters.map((p) => `--${p.name}${p.optional ? '' : ' (needed)'}`).join(' '),
  }));
  if (json) return printJson({ rows });
  printTable(
    ['name', 'title', 'parameters'].map((c) => ({ name: c, title: c })),
    rows,
  );
}

function parametersOf(words: string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (let i = 0; i < words.length; i++) {
    const [, name = '', inline] = /^--([a-z][a-z0-9_-]*)(?:=(.*))?$/s.exec(words[i] ?? '') ?? [];
    if (!name) throw new WrongCall(`“${words[i]}” is one word too many. Write --parameter value.`);
    const value = inline ?? words[++i];
    if (value === undefined) throw new WrongCall(`--${name} needs a value.`);
    found[name.replaceAll('-', '_')] = value;
  }
  return found;
}
