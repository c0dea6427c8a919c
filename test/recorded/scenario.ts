import type { Asked } from './play.ts';

type As = Asked['as'];
const post = (as: As, path: string, body: unknown, more: Partial<Asked> = {}): Asked => ({
  as,
  method: 'POST',
  path,
  body,
  ...more,
});
const get = (as: As, path: string, keep?: Asked['keep']): Asked => ({
  as,
  method: 'GET',
  path,
  ...(keep ? { keep } : {}),
});
const filter = (...conditions: unknown[]) =>
  `filter=${encodeURIComponent(JSON.stringify(conditions)).replaceAll(/%7B%7B|%7D%7D/g, (m) => (m === '%7B%7B' ? '{{' : '}}'))}`;

const amounts = { net_amount: '19.00', tax_amount: '0.00' };
const line = { position: 1, product_id: '{{bell}}', quantity: '2', unit_price: '9.50', ...amounts };
const sale = (receipt: string, number: number) => ({
  id: `{{new ${receipt}}}`,
  claim_id: '{{claim}}',
  till_session_id: '{{session}}',
  number,
  happened_at: '{{now}}',
  currency: 'USD',
  ...amounts,
  lines: [line],
  payments: [{ position: 1, method: 'cash', amount: '19.00', tendered: '20.00' }],
});
const back = (number: number) => ({
  id: '{{new back}}',
  claim_id: '{{claim}}',
  till_session_id: '{{session}}',
  number,
});
const money = (id: string) => ({ id: `{{new ${id}}}`, till_session_id: '{{session}}' });

/** What is recorded of this version: a shop’s day over HTTP, and what a client relies on besides. */
export const scenario: Asked[] = [
  get('manager', '/session'),
  post('manager', '/catalog/brand/create', { name: 'Hillside' }, { keep: { brand: 'id' } }),
  post(
    'manager',
    '/catalog/product/create',
    { name: 'Brass bell', brand_id: '{{brand}}', unit_price: '9.50', barcode: '4006381333931' },
    { keep: { bell: 'id' } },
  ),
  post('manager', '/catalog/product/change', { id: '{{bell}}', version: 1, name: 'Bell, brass' }),
  post(
    'manager',
    '/catalog/product/change',
    { id: '{{bell}}', unit_price: '9.50' },
    { headers: { 'if-match': '"2"' } },
  ),
  post('manager', '/catalog/product/create', { name: 'Bell', unit_price: 'nine' }),
  post('cashier', '/catalog/product/create', { name: 'Bell', unit_price: '9.50' }),
  get('manager', '/catalog/product?q=bell&sort=name&limit=10&count=1'),
  get('manager', `/catalog/product?${filter(['unit_price', '>', '5'], ['is_active', '=', true])}`),
  get('manager', '/catalog/product/{{bell}}'),
  get('manager', '/catalog/product?sort=colour'),
  get('manager', '/nothing/here'),
  post(
    'manager',
    '/inventory/stock_count/take',
    { store_id: '{{hill}}', lines: [{ product_id: '{{bell}}', counted: '12' }] },
    { keep: { count: 'id' } },
  ),
  post('manager', '/inventory/stock_count/post', { id: '{{count}}' }),
  post(
    'manager',
    '/pos/till/create',
    { store_id: '{{hill}}', code: 'R1', name: 'Counter' },
    { keep: { till: 'id' } },
  ),
  post('cashier', '/pos/till/claim', { till_id: '{{till}}', claim_id: '{{new claim}}' }),
  post('cashier', '/pos/till_session/open', {
    id: '{{new session}}',
    claim_id: '{{claim}}',
    opening_float: '100.00',
  }),
  post('cashier', '/pos/receipt/ring_up', sale('first', 1)),
  post('cashier', '/pos/receipt/ring_up', sale('second', 2)),
  post('cashier', '/pos/receipt/ring_up', { ...sale('third', 3), net_amount: '18.00' }),
  get('manager', `/pos/receipt_line?${filter(['receipt_id', '=', '{{first}}'])}`, {
    line: 'rows.0.id',
  }),
  post('manager', '/pos/receipt/take_back', {
    ...back(3),
    receipt_id: '{{first}}',
    reason: 'Does not ring',
    lines: [{ receipt_line_id: '{{line}}', quantity: '1' }],
    payments: [{ position: 1, method: 'cash', amount: '-9.50' }],
  }),
  post('manager', '/pos/receipt/void', {
    ...back(4),
    receipt_id: '{{second}}',
    reason: 'Rung up twice',
  }),
  post('cashier', '/pos/till_session/move_cash', {
    ...money('moved'),
    kind: 'out',
    amount: '20.00',
    reason: 'Stamps',
  }),
  post('cashier', '/pos/till_session/close', { id: '{{session}}', counted_amount: '89.50' }),
  get('manager', '/inventory/stock_level', undefined),
  get('administrator', '/report/trial_balance?to={{today}}'),
  get('administrator', '/finance/period?sort=-starts_on&limit=1', { period: 'rows.0.id' }),
  post('administrator', '/finance/period/close', { id: '{{period}}' }),
  post('administrator', '/finance/period/reopen', { id: '{{period}}' }),
  post(
    'administrator',
    '/identity/user/make',
    { username: 'mia', name: 'Mia Hill', password: 'Gr33n-Valley!', role: 'cashier' },
    { keep: { mia: 'id' } },
  ),
  post('administrator', '/identity/user/switch', { id: '{{mia}}', is_active: false }),
  post('manager', '/catalog/product/archive', { id: '{{bell}}', version: 2 }),
  post(
    'manager',
    '/catalog/brand/archive',
    { id: '{{brand}}', version: 1 },
    { headers: { prefer: 'return=minimal' } },
  ),
];
