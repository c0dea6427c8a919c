/** Lets the browser save rows as a CSV that a spreadsheet opens without running what is in it. */
export function downloadCsv(name: string, head: string[], rows: unknown[][]): void {
  const lines = [head, ...rows].map((row) => row.map(cell).join(','));
  const blob = new Blob([`\ufeff${lines.join('\r\n')}\r\n`], { type: 'text/csv' });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = `${name}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function cell(value: unknown): string {
  const text = String(value ?? '');
  const number = /^-?\d+(\.\d+)?$/.test(text);
  const safe = !number && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Whether a text is cells of a spreadsheet rather than one value. */
export const isSheet = (text: string): boolean => /\t|\n./.test(text.trim());

/** The cells that a spreadsheet puts on the clipboard. */
export async function sheetCells(text: string): Promise<string[][]> {
  const { default: papa } = await import('papaparse');
  const said = { delimiter: '\t', skipEmptyLines: 'greedy' } as const;
  const { data } = papa.parse<string[]>(text.replace(/\s+$/, ''), said);
  return data.map((row) => row.map((one) => one.trim()));
}
