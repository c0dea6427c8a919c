type Row = Record<string, unknown>;

/** What the amounts of a report add up to, by column; nothing where there is nothing to add. */
export function totalsOf(columns: { name: string; type: string }[], rows: Row[]): Row | undefined {
  const summed = columns.filter(
    ({ type, name }) => type === 'money' && !/price|average|cost$/.test(name),
  );
  if (summed.length === 0 || rows.length < 2) return undefined;
  return Object.fromEntries(summed.map(({ name }) => [name, sum(rows.map((row) => row[name]))]));
}

// Whole units of a millionth, so that no cent is lost to a float.
function sum(values: unknown[]): string {
  let all = 0n;
  for (const value of values) {
    const found = /^(-?)(\d+)(?:\.(\d{1,6}))?/.exec(String(value ?? '0'));
    if (!found) continue;
    const micro = BigInt(found[2]! + (found[3] ?? '').padEnd(6, '0'));
    all += found[1] ? -micro : micro;
  }
  const text = (all < 0n ? -all : all).toString().padStart(7, '0');
  return `${all < 0n ? '-' : ''}${text.slice(0, -6)}.${text.slice(-6)}`;
}
