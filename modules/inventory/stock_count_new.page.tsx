import { Button, Select, Switch, TextInput } from '@mantine/core';
import { type ClipboardEvent, type FormEvent, type KeyboardEvent, useRef, useState } from 'react';
import {
  ApiProblem,
  api,
  decimal,
  type Filter,
  isSheet,
  may,
  minus,
  plus,
  Refusal,
  type Row,
  sheetCells,
  t,
  useGo,
  useSignedIn,
} from '#kernel/ui';

type Line = {
  product_id: string;
  name: string;
  number: string;
  barcode: string;
  counted: string;
  /** what the shelf should hold; null where it never held any */
  expected: string | null;
};
type Lines = { lines: Line[]; set: (lines: Line[]) => void };

/** Takes a count: scan or bring what lies on the shelf, type how many, and note it as a draft. */
export default function TakeCount() {
  const me = useSignedIn();
  const stores = me.stores.filter(({ id }) => may(me, 'inventory.count', id));
  const [store, setStore] = useState(stores.length === 1 ? stores[0]!.id : null);
  return (
    <div className="k-page k-narrow k-stack">
      <div className="k-head">
        <h1>{t('Take a count')}</h1>
      </div>
      <p className="k-dim">
        {t('What you type is kept in this browser until it is noted, also over a reload.')}
      </p>
      {stores.length > 1 ? (
        <Select
          label={t('Store')}
          data={stores.map(({ id, name }) => ({ value: id, label: name }))}
          value={store}
          allowDeselect={false}
          onChange={setStore}
        />
      ) : null}
      {store ? <Count key={store} store={store} /> : null}
    </div>
  );
}

function Count({ store }: { store: string }) {
  const kept = useKept(store);
  const { lines, set } = kept;
  const [shown, setShown] = useState(false);
  const { note, bring, problem, busy } = useCount(store, kept);
  const ready = lines.filter(({ counted }) => isCounted(counted)).length;
  const wrong = lines.some(({ counted }) => counted !== '' && !isCounted(counted));
  return (
    <form className="k-stack" onSubmit={note}>
      <Scan store={store} {...kept} />
      <div className="k-actions">
        <Switch
          label={t('Show what should be there')}
          checked={shown}
          onChange={(event) => setShown(event.currentTarget.checked)}
        />
        <Button variant="default" onClick={bring} loading={busy}>
          {t('Bring all that should be there')}
        </Button>
      </div>
      {lines.length > 0 ? <Table lines={lines} set={set} shown={shown} /> : null}
      <Refusal text={problem} />
      <div className="k-actions">
        {lines.length > 0 ? <BeginAnew forget={() => set([])} /> : null}
        <Button type="submit" loading={busy} disabled={ready === 0 || wrong}>
          {t('{n, plural, =0 {Note the count} one {Note # product} other {Note # products}}', {
            n: ready,
          })}
        </Button>
      </div>
    </form>
  );
}

function BeginAnew({ forget }: { forget: () => void }) {
  const [sure, setSure] = useState(false);
  return (
    <Button variant="subtle" color="gray" onClick={() => (sure ? forget() : setSure(true))}>
      {sure ? t('Yes, forget all that is counted') : t('Begin anew')}
    </Button>
  );
}

/** A scan counts one more; a name that fits one product brings it, to type how many. */
function Scan({ store, lines, set }: Lines & { store: string }) {
  const [text, setText] = useState('');
  const [said, setSaid] = useState('');
  const latest = useRef(lines);
  latest.current = lines;
  const scan = async () => {
    const code = text.trim();
    setText('');
    setSaid('');
    if (!code) return;
    try {
      const line = known(latest.current, code) ?? (await find(store, code));
      if (typeof line === 'string') return setSaid(line);
      latest.current = counted(latest.current, line, isCode(line, code));
      set(latest.current);
    } catch (error) {
      setSaid(whyOf(error));
    }
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    void scan();
  };
  const paste = (event: ClipboardEvent) => {
    const sheet = event.clipboardData.getData('text/plain');
    if (!isSheet(sheet)) return;
    event.preventDefault();
    setSaid('');
    const bring = async () => {
      const pasted = await fromSheet(store, await sheetCells(sheet));
      const there = new Set(pasted.lines.map(({ product_id }) => product_id));
      const rest = latest.current.filter(({ product_id }) => !there.has(product_id));
      latest.current = [...pasted.lines, ...rest];
      set(latest.current);
      setSaid(pasted.said);
    };
    bring().catch((error) => setSaid(whyOf(error)));
  };
  return (
    <TextInput
      label={t('Scan or search')}
      description={t(
        'Each scan of a barcode or number counts one more. Rows of a spreadsheet can be pasted: number, count.',
      )}
      autoFocus
      autoComplete="off"
      value={text}
      error={said || undefined}
      onChange={(event) => setText(event.currentTarget.value)}
      onKeyDown={keys}
      onPaste={paste}
    />
  );
}

function Table({ lines, set, shown }: Lines & { shown: boolean }) {
  const change = (at: number, text: string) =>
    set(lines.map((line, index) => (index === at ? { ...line, counted: text } : line)));
  return (
    <table className="k-table">
      <thead>
        <tr>
          <th>{t('Number')}</th>
          <th>{t('Product')}</th>
          {shown ? <th className="k-num">{t('Should be')}</th> : null}
          <th className="k-num">{t('Counted')}</th>
          {shown ? <th className="k-num">{t('Difference')}</th> : null}
        </tr>
      </thead>
      <tbody>
        {lines.map((line, at) => (
          <tr key={line.product_id}>
            <td>{line.number}</td>
            <td>
              <bdi>{line.name}</bdi>
            </td>
            {shown ? <td className="k-num">{decimal(line.expected ?? '0')}</td> : null}
            <td className="k-num">
              <TextInput
                size="xs"
                w={88}
                ms="auto"
                inputMode="decimal"
                aria-label={t('How many of {name}', { name: line.name })}
                value={line.counted}
                error={line.counted !== '' && !isCounted(line.counted)}
                onChange={(event) => change(at, event.currentTarget.value.trim())}
                onKeyDown={onToNext}
              />
            </td>
            {shown ? <td className="k-num">{differenceOf(line)}</td> : null}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Enter goes on to the next product, since half a count is not to be noted. */
function onToNext(event: KeyboardEvent<HTMLInputElement>): void {
  if (event.key !== 'Enter') return;
  event.preventDefault();
  const all = [...(event.currentTarget.closest('table')?.querySelectorAll('input') ?? [])];
  all[all.indexOf(event.currentTarget) + 1]?.select();
}

function useCount(store: string, { lines, set }: Lines) {
  const go = useGo();
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  // Noted once, also when the answer is lost and it is tried again.
  const [key] = useState(() => crypto.randomUUID());
  const work = async (todo: () => Promise<void>) => {
    setBusy(true);
    setProblem('');
    await todo().catch((error) => setProblem(whyOf(error)));
    setBusy(false);
  };
  const note = (event: FormEvent) => {
    event.preventDefault();
    const said = lines.filter((line) => isCounted(line.counted));
    const input = {
      store_id: store,
      lines: said.map(({ product_id, counted: n }) => ({ product_id, counted: n })),
    };
    return work(async () => {
      const made = await api.call('inventory.stock_count.take', input, { key });
      set([]);
      go(`/inventory/stock_count/${made.id}`);
    });
  };
  const bring = () =>
    work(async () => {
      const there = new Set(lines.map(({ product_id }) => product_id));
      const all = await shelf(store);
      set([...lines, ...all.filter(({ product_id }) => !there.has(product_id))]);
    });
  return { note, bring, problem, busy };
}

function useKept(store: string): Lines {
  const name = `kontor-stock-count-${store}`;
  const [lines, show] = useState<Line[]>(() => JSON.parse(localStorage.getItem(name) ?? '[]'));
  const set = (next: Line[]) => {
    if (next.length) localStorage.setItem(name, JSON.stringify(next));
    else localStorage.removeItem(name);
    show(next);
  };
  return { lines, set };
}

const isCounted = (text: string) => /^\d{1,9}(\.\d{1,3})?$/.test(text);
const isCode = ({ number, barcode }: Line, code: string) => code === number || code === barcode;
const known = (lines: Line[], code: string) => lines.find((line) => isCode(line, code));

/** The lines with this one in front, counted one more where it was scanned. */
function counted(lines: Line[], line: Line, scanned: boolean): Line[] {
  const was = lines.find(({ product_id }) => product_id === line.product_id) ?? line;
  const more = scanned ? plus(isCounted(was.counted) ? was.counted : '0', '1') : was.counted;
  const rest = lines.filter(({ product_id }) => product_id !== line.product_id);
  return [{ ...was, counted: more }, ...rest];
}

function differenceOf({ counted: n, expected }: Line): string {
  return isCounted(n) ? decimal(minus(n, expected ?? '0')) : '';
}

const columns = ['name', 'number', 'barcode'];

const lineOf = (row: Row): Line => ({
  ...{ product_id: String(row.id), name: String(row.name), counted: '', expected: null },
  ...{ number: String(row.number ?? ''), barcode: String(row.barcode ?? '') },
});

/** The one product that fits, or a sentence that says what to do. */
async function find(store: string, code: string): Promise<Line | string> {
  const filter: Filter[] = [['kind', '!=', 'service']];
  const { rows } = await api.list('catalog.product', { q: code, limit: 5, columns, filter });
  const row = rows.find((one) => one.barcode === code || one.number === code) ?? rows[0];
  if (!row) return t('No product fits “{code}”.', { code });
  const line = lineOf(row);
  if (rows.length > 1 && !isCode(line, code)) {
    const names = rows.map(({ name }) => String(name)).join(', ');
    return t('Several fit “{code}”: {names}. Type more of it.', { code, names });
  }
  const [level] = (await levels(store, [['product_id', '=', line.product_id]])).rows;
  return { ...line, expected: level ? String(level.on_hand) : null };
}

/** What rows of number or barcode and count bring, and which of them nothing fits. */
async function fromSheet(
  store: string,
  cells: string[][],
): Promise<{ lines: Line[]; said: string }> {
  const codes = [...new Set(cells.map(([code = '']) => code).filter(Boolean))];
  const products = new Map<string, Line>();
  for (let at = 0; at < codes.length; at += 100) {
    for (const key of ['number', 'barcode']) {
      const filter: Filter[] = [
        [key, 'in', codes.slice(at, at + 100)],
        ['kind', '!=', 'service'],
      ];
      const { rows } = await api.list('catalog.product', { filter, columns, limit: 200 });
      for (const row of rows) products.set(String(row[key]), lineOf(row));
    }
  }
  const ids = [...new Set([...products.values()].map(({ product_id }) => product_id))];
  const expected = new Map<string, string>();
  for (let at = 0; at < ids.length; at += 100) {
    const { rows } = await levels(store, [['product_id', 'in', ids.slice(at, at + 100)]]);
    for (const row of rows) expected.set(String(row.product_id), String(row.on_hand));
  }
  const lines = new Map<string, Line>();
  for (const [code = '', n = ''] of cells) {
    const line = products.get(code);
    if (!line) continue;
    const [was, here] = [lines.get(line.product_id)?.counted, isCounted(n) ? n : ''];
    // The same product on two shelves is counted together.
    const sum = was && here ? plus(was, here) : here || was || '';
    const should = expected.get(line.product_id) ?? null;
    lines.set(line.product_id, { ...line, counted: sum, expected: should });
  }
  const none = codes.filter(
    (code) => !products.has(code) && !/^(number|barcode|code)$/i.test(code),
  );
  const said = none.length
    ? t('Nothing fits {n, plural, one {one row} other {# rows}}: {codes}.', {
        n: none.length,
        codes: none.slice(0, 12).join(', '),
      })
    : '';
  return { lines: [...lines.values()], said };
}

async function shelf(store: string): Promise<Line[]> {
  const found: Line[] = [];
  let cursor: string | undefined;
  do {
    const page = await levels(store, [['on_hand', '!=', '0']], cursor);
    for (const row of page.rows) {
      found.push({
        ...{ product_id: String(row.product_id), name: String(row.product_id_label) },
        ...{ number: String(row['product_id.number'] ?? ''), counted: '' },
        ...{ barcode: String(row['product_id.barcode'] ?? ''), expected: String(row.on_hand) },
      });
    }
    cursor = page.next ?? undefined;
  } while (cursor && found.length < 10_000);
  return found;
}

function levels(store: string, more: Filter[], cursor?: string) {
  return api.list('inventory.stock_level', {
    filter: [['store_id', '=', store], ['location_id.kind', '=', 'shelf'], ...more],
    columns: ['product_id', 'product_id.number', 'product_id.barcode', 'on_hand'],
    limit: 200,
    ...(cursor && { cursor }),
  });
}

const whyOf = (error: unknown) =>
  error instanceof ApiProblem || error instanceof Error ? error.message : String(error);
