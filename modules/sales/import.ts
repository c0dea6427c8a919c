import type { Query, Staged, Target } from '../../kernel/import/index.ts';

// A number as bike shops' programs write it, or its name, in the words of orders here.
const STATES: Record<string, string> = {
  1: 'draft',
  2: 'confirmed',
  3: 'cancelled',
  4: 'done',
  draft: 'draft',
  pending: 'draft',
  open: 'draft',
  quotation: 'quotation',
  quote: 'quotation',
  confirmed: 'confirmed',
  processing: 'confirmed',
  rejected: 'cancelled',
  cancelled: 'cancelled',
  canceled: 'cancelled',
  done: 'done',
  completed: 'done',
  complete: 'done',
  shipped: 'done',
  delivered: 'done',
};

const number = ['id', 'number', 'no', 'nr', 'key'];

export const orders: Target = {
  table: 'sales.sales_order',
  label: 'Orders',
  words: ['order', 'sales order', 'sale', 'auftrag', 'bestellung'],
  fields: [
    {
      name: 'number',
      label: 'Number',
      type: 'text',
      required: true,
      synonyms: [...number, 'order'],
    },
    {
      name: 'store_id',
      label: 'Store',
      type: 'text',
      required: true,
      refers: { table: 'master.store', by: ['code', 'name'] },
      synonyms: ['branch', 'shop'],
    },
    {
      name: 'party_id',
      label: 'Customer',
      type: 'text',
      refers: { table: 'master.party', by: ['number', 'name'] },
      synonyms: ['customer', 'client', 'party'],
    },
    {
      name: 'employee_id',
      label: 'Employee',
      type: 'text',
      refers: {
        table: 'master.employee',
        by: ['number', 'name', 'first_name', 'email'],
        within: 'store_id',
      },
      synonyms: ['staff', 'seller', 'salesperson', 'sales person', 'clerk', 'sold by'],
    },
    {
      name: 'state',
      label: 'State',
      type: 'text',
      choices: STATES,
      several: true,
      synonyms: ['status', 'order status', 'status name', 'order status name', 'order state'],
    },
    {
      name: 'ordered_on',
      label: 'Ordered on',
      type: 'date',
      required: true,
      synonyms: ['order date', 'date', 'ordered', 'ordered at'],
    },
    {
      name: 'required_on',
      label: 'Required on',
      type: 'date',
      synonyms: ['required date', 'due date', 'due'],
    },
    {
      name: 'shipped_on',
      label: 'Shipped on',
      type: 'date',
      synonyms: ['shipped date', 'ship date', 'delivery date', 'shipping date'],
    },
    { name: 'currency', label: 'Currency', type: 'text', synonyms: ['currency code'] },
  ],
  keys: [['number']],
  match: [['number']],
  complete: completeOrders,
};

export const orderLines: Target = {
  table: 'sales.sales_order_line',
  label: 'Order lines',
  words: [
    'order item',
    'order line',
    'sales order line',
    'order detail',
    'orderline',
    'item',
    'line',
  ],
  fields: [
    {
      name: 'sales_order_id',
      label: 'Order',
      type: 'text',
      required: true,
      refers: { table: 'sales.sales_order', by: ['number'] },
      synonyms: ['order', 'sales order'],
    },
    {
      name: 'position',
      label: 'Position',
      type: 'integer',
      required: true,
      synonyms: [
        'item id',
        'line',
        'line number',
        'line no',
        'item no',
        'item number',
        'pos',
        'line id',
      ],
    },
    {
      name: 'product_id',
      label: 'Product',
      type: 'text',
      required: true,
      refers: { table: 'catalog.product', by: ['number', 'name', 'barcode'] },
      synonyms: ['product', 'article', 'sku'],
    },
    {
      name: 'quantity',
      label: 'Quantity',
      type: 'number',
      required: true,
      synonyms: ['qty', 'count', 'menge', 'pieces'],
    },
    {
      name: 'unit_price',
      label: 'Price',
      type: 'number',
      required: true,
      synonyms: ['list price', 'price', 'sales price', 'preis'],
    },
    {
      name: 'discount_fraction',
      label: 'Discount',
      type: 'number',
      synonyms: ['discount', 'rebate', 'rabatt', 'discount percent'],
    },
  ],
  keys: [['sales_order_id', 'position']],
  match: [['sales_order_id', 'position']],
  complete: completeLines,
};

export const targets = [orders, orderLines];

async function completeOrders(staged: Staged, created: number[], query: Query): Promise<void> {
  const stores = await query<{ id: string; currency: string }>(
    'select s.id, c.currency from master.store s join master.company c on c.id = s.company_id',
  );
  const currencies = new Map(stores.map((s) => [s.id, s.currency]));
  const given = staged.values.get('currency') ?? new Array(staged.lines.length).fill(null);
  for (const i of created)
    given[i] ??= currencies.get(staged.values.get('store_id')?.[i] ?? '') ?? null;
  staged.values.set('currency', given);
}

/** A line lies in the store of its order. */
async function completeLines(staged: Staged, created: number[], query: Query): Promise<void> {
  const orderOf = staged.values.get('sales_order_id') ?? [];
  const found = await query<{ id: string; store_id: string }>(
    'select id, store_id from sales.sales_order where id = any($1::uuid[])',
    [[...new Set(created.map((i) => orderOf[i]))]],
  );
  const stores = new Map(found.map((o) => [o.id, o.store_id]));
  const storeIds = new Array(staged.lines.length).fill(null);
  for (const i of created) storeIds[i] = stores.get(orderOf[i] ?? '') ?? null;
  staged.values.set('store_id', storeIds);
}
