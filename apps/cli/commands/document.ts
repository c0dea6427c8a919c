import { writeFile } from 'node:fs/promises';
import { documents, PAPERS, type Paper } from '../../../kernel/print/document.ts';
import { problem } from '../../../kernel/problem.ts';
import { atDesk, type Desk } from '../desk/desk.ts';
import { WrongCall } from '../output/fail.ts';

interface Options {
  to: string;
  paper?: string;
  language?: string;
  url?: string;
}

/** Writes a document as PDF, named by its number or id. */
export async function printCommand(name: string, number: string, options: Options): Promise<void> {
  const paper = options.paper as Paper | undefined;
  if (paper && !PAPERS.includes(paper)) {
    throw new WrongCall(`There is no paper “${paper}”. Choose ${PAPERS.join(', ')}.`);
  }
  await atDesk(options, async (desk) => {
    const id = await idOf(desk, name, number);
    const { language } = options;
    const pdf = await desk.print(name, id, {
      ...(paper && { paper }),
      ...(language && { language }),
    });
    if (options.to === '-') return void process.stdout.write(pdf);
    await writeFile(options.to, pdf, { mode: 0o600 });
  });
}

async function idOf(desk: Desk, name: string, number: string): Promise<string> {
  if (/^[0-9a-f-]{36}$/i.test(number)) return number;
  const known = (await documents()).get(name);
  if (!known) throw problem('document_unknown', { document: name });
  const { rows } = await desk.list(name, { filter: [[known.number, '=', number]], limit: 1 });
  if (!rows[0]) throw new WrongCall(`There is no ${name} with the number ${number}.`);
  return String(rows[0].id);
}
