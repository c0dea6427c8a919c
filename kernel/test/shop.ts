import { receiptAmounts } from '../../modules/pos/receipt_amounts.ts';
import type { Row } from '../database/reading/list.ts';
import { uuidv7 } from '../ui/base/uuid.ts';
import type { Person, World } from './story.ts';

/** A till that is claimed and open, and what a story rings up at it. */
export interface Counter {
  claim_id: string;
  till_session_id: string;
  till_id: string;
  next: number;
}

/** A product with its price and cost, and so many on the shelf of HILL. */
export async function product(
  { behind }: World,
  given: {
    name?: string;
    unit_price?: string;
    unit_cost?: string | null;
    on_hand?: string;
    store?: string;
  } = {},
): Promise<Row> {
  const { name = `Bell ${uuidv7().slice(-6)}`, unit_price = '379.99', unit_cost = '200' } = given;
  const [made] = await behind(
    `insert into catalog.product (name, unit_price, unit_cost, tax_id)
     values ($1, $2, $3, (select id from catalog.tax order by id limit 1)) returning *`,
    name,
    unit_price,
    unit_cost,
  );
  if (given.on_hand) {
    await behind(
      `insert into inventory.stock_move (store_id, location_id, product_id, quantity, unit_cost, value_amount,
         reason, source_table, source_id, happened_at, recorded_by)
       select l.store_id, l.id, $1::uuid, $2::numeric, $3::numeric, $2::numeric * $3::numeric, 'opening', 'story', $1::uuid, now(), uuidv7()
         from inventory.location l join master.store s on s.id = l.store_id
        where s.code = $4 and l.kind = 'shelf'`,
      made?.id,
      given.on_hand,
      unit_cost,
      given.store ?? 'HILL',
    );
  }
  return made as Row;
}

/** A new till of that store, claimed and with an open session. */
export async function counter({ behind }: World, who: Person, store = 'HILL'): Promise<Counter> {
  const [till] = await behind(
    `insert into pos.till (store_id, code, name)
     select id, $2, $2 from master.store where code = $1 returning id`,
    store,
    `T${uuidv7().slice(-8).toUpperCase()}`,
  );
  const claim_id = uuidv7();
  const till_session_id = uuidv7();
  await who.call('pos.till.claim', { till_id: till?.id, claim_id });
  await who.call('pos.till_session.open', {
    id: till_session_id,
    claim_id,
    opening_float: '100.00',
  });
  return { claim_id, till_session_id, till_id: String(till?.id), next: 1 };
}

/** What a till sends for a sale of these goods, paid by these means. */
export function sale(
  at: Counter,
  lines: { product: Row; quantity: number; discount_fraction?: string }[],
  payments?: { method: string; amount: string }[],
) {
  const said = lines.map((l) => ({
    product_id: String(l.product.id),
    quantity: String(l.quantity),
    unit_price: String(l.product.unit_price),
    discount_fraction: l.discount_fraction ?? '0',
    tax_fraction: '0',
  }));
  const amounts = receiptAmounts({ lines: said, decimals: 2, price_includes_tax: false });
  return {
    id: uuidv7(),
    claim_id: at.claim_id,
    till_session_id: at.till_session_id,
    number: at.next++,
    happened_at: new Date().toISOString(),
    currency: 'USD',
    net_amount: amounts.net_amount,
    tax_amount: amounts.tax_amount,
    lines: said.map(({ tax_fraction: _, ...line }, i) => ({
      ...line,
      position: i + 1,
      discount_amount: amounts.lines[i]?.discount_amount,
      net_amount: amounts.lines[i]?.net_amount,
      tax_amount: amounts.lines[i]?.tax_amount,
    })),
    payments: (payments ?? [{ method: 'cash', amount: amounts.gross_amount }]).map((p, i) => ({
      position: i + 1,
      ...p,
    })),
  };
}

/** Rows of both stores in every table that has store_id. */
export async function fillBothStores(world: World): Promise<void> {
  const owner = await world.as('administrator');
  for (const store of ['HILL', 'VALLEY']) {
    const at = await counter(world, owner, store);
    await world.behind(
      `insert into sales.sales_goal (store_id, month_on, net_amount)
       select id, '2026-01-01', 1000 from master.store where code = $1 on conflict do nothing`,
      store,
    );
    const bell = await product(world, { store, on_hand: '5' });
    const [tax] = await world.behind(`update catalog.tax set tax_fraction = 0.08 returning id`);
    const sold = sale(at, [{ product: bell, quantity: 1 }]);
    const [line] = sold.lines;
    const taxes = [{ tax_id: tax?.id, base_amount: line?.net_amount, tax_amount: '30.40' }];
    const gross = (Number(sold.net_amount) + 30.4).toFixed(2);
    await owner.call('pos.receipt.ring_up', {
      ...sold,
      tax_amount: '30.40',
      lines: [{ ...line, tax_amount: '30.40', taxes }],
      payments: [{ position: 1, method: 'cash', amount: gross }],
    });
    await owner.call('pos.receipt.ring_up', sale(at, [{ product: bell, quantity: 9 }]));
    const cash = { till_session_id: at.till_session_id, kind: 'in', amount: '5', reason: 'Change' };
    await owner.call('pos.till_session.move_cash', { id: uuidv7(), ...cash });
    const [s] = await world.behind('select id from master.store where code = $1', store);
    const counted = { store_id: s?.id, lines: [{ product_id: bell.id, counted: '4' }] };
    await owner.call('inventory.stock_count.take', counted);
    await world.behind(
      `insert into inventory.reorder_rule (store_id, product_id, minimum) values ($1, $2, 1)`,
      s?.id,
      bell.id,
    );
    await world.behind(
      `insert into pos.quick_key (store_id, product_id) values ($1, $2)`,
      s?.id,
      bell.id,
    );
    await world.behind(
      `insert into master.employee (store_id, first_name) values ($1, 'Mia')`,
      s?.id,
    );
    await world.behind(
      `with o as (insert into sales.sales_order (store_id, number, ordered_on, currency)
         values ($1, $2, current_date, 'USD') returning id, store_id)
       insert into sales.sales_order_line (store_id, sales_order_id, position, product_id, quantity, unit_price)
       select store_id, id, 1, $3, 1, 1 from o`,
      s?.id,
      `O-${store}`,
      bell.id,
    );
    await world.behind(
      `with e as (insert into webhooks.endpoint (name, url, tables, owner_id)
         select 'Story', 'https://story.example', '{master.party}', id from identity.user
          where username = 'first' returning id)
       insert into webhooks.delivery (endpoint_id, event, table_name, store_id, verb, changed_at)
       select id, 'story', 'master.employee', $1, 'insert', now() from e`,
      s?.id,
    );
    await world.behind(
      `insert into identity.user_role (user_id, role, store_id)
       select id, 'cashier', $1 from identity.user where username = 'first' on conflict do nothing`,
      s?.id,
    );
  }
}
