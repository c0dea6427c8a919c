type List = { table: string; ids: string[] };

const key = 'kontor-came-from';
const most = 2000;
let last: List | undefined;

/** Keeps the records in the order in which a list showed them, for going on from one to the next. */
export function keepList(table: string, ids: string[]): void {
  last = { table, ids };
  // As it is kept anew with each page of rows, a very long list is kept for this page only.
  if (ids.length > most) return;
  try {
    sessionStorage.setItem(key, JSON.stringify(last));
  } catch {
    // Without room for it, a page that is loaded anew knows of no list.
  }
}

/** The records of the list of this table that one came from, also after the page was loaded anew. */
export function idsOfList(table: string): string[] {
  last ??= read();
  return last.table === table ? last.ids : [];
}

function read(): List {
  try {
    const kept = JSON.parse(sessionStorage.getItem(key) ?? '{}') as Partial<List>;
    return { table: kept.table ?? '', ids: kept.ids ?? [] };
  } catch {
    return { table: '', ids: [] };
  }
}
