-- The floor of a ring-up: the same rows under the same triggers, written by the owner of the tables,
-- with nothing asked about who it is and what they may.
create schema if not exists bench;
create or replace function bench.ring_up(sale jsonb, who uuid) returns uuid
  language plpgsql as $$
declare
  made uuid := (sale->>'id')::uuid;
  entry uuid := uuidv7();
  c record;
begin
  select k.store_id, t.journal_id, s.company_id, l.id as location_id into c
    from pos.till_claim k join pos.till t on t.id = k.till_id join master.store s on s.id = k.store_id
    join inventory.location l on l.store_id = s.id and l.kind = 'shelf'
   where k.id = (sale->>'claim_id')::uuid;
  insert into pos.receipt (id, store_id, till_claim_id, till_session_id, number, happened_at, currency,
                           net_amount, tax_amount, body_hash, recorded_by)
  values (made, c.store_id, (sale->>'claim_id')::uuid, (sale->>'till_session_id')::uuid,
          (sale->>'number')::bigint, (sale->>'happened_at')::timestamptz, sale->>'currency',
          (sale->>'net_amount')::numeric, (sale->>'tax_amount')::numeric,
          sha256(convert_to(sale::text, 'UTF8')), who);
  insert into pos.receipt_line (store_id, receipt_id, position, product_id, quantity, unit_price,
                                discount_fraction, discount_amount, net_amount, tax_amount)
  select c.store_id, made, l.position, l.product_id, l.quantity, l.unit_price, l.discount_fraction,
         l.discount_amount, l.net_amount, l.tax_amount
    from jsonb_to_recordset(sale->'lines') as l(position smallint, product_id uuid, quantity numeric,
           unit_price numeric, discount_fraction numeric, discount_amount numeric,
           net_amount numeric, tax_amount numeric);
  insert into pos.payment (store_id, receipt_id, position, method, amount)
  select c.store_id, made, p.position, p.method, p.amount
    from jsonb_to_recordset(sale->'payments') as p(position smallint, method text, amount numeric);
  insert into finance.journal_entry (id, company_id, store_id, journal_id, number, happened_at, text,
                                     source_table, source_id, recorded_by)
  select entry, c.company_id, c.store_id, c.journal_id, reference, happened_at, 'Receipt ' || reference,
         'pos.receipt', made, who
    from pos.receipt where id = made;
  insert into finance.journal_line (company_id, store_id, journal_entry_id, position, account_id,
    posted_on, debit, credit, currency, currency_amount, source_table, source_id)
  select c.company_id, c.store_id, entry, row_number() over (), a.id, e.posted_on, greatest(s.amount, 0),
         greatest(-s.amount, 0), 'USD', s.amount, 'pos.receipt', made
    from finance.journal_entry e,
         (select sum(l.quantity * p.unit_cost) as cost from pos.receipt_line l
            join catalog.product p on p.id = l.product_id where l.receipt_id = made) g,
         lateral (values ('cash', (sale->>'net_amount')::numeric), ('sales', -(sale->>'net_amount')::numeric),
                         ('cost_of_goods', g.cost), ('stock', -g.cost)) s(purpose, amount)
    join finance.account a on a.purpose = s.purpose
   where e.id = entry;
  insert into inventory.stock_move (store_id, location_id, product_id, quantity, unit_cost, value_amount,
                                    reason, source_table, source_id, happened_at, recorded_by)
  select c.store_id, c.location_id, l.product_id, -l.quantity, p.unit_cost, -l.quantity * p.unit_cost,
         'sale', 'pos.receipt', made, (sale->>'happened_at')::timestamptz, who
    from pos.receipt_line l join catalog.product p on p.id = l.product_id
   where l.receipt_id = made order by l.product_id;
  return made;
end $$;
