-- What a sale costs at the very least: plain tables with their keys and references, one function,
-- no trigger of Kontor's, nothing asked about who it is, no audit log and no notice.
create schema if not exists bare;
create table bare.product (
  id uuid primary key, unit_cost numeric not null);
create table bare.till (
  id uuid primary key, store_id uuid not null, taken bigint not null default 0);
create table bare.account (
  id uuid primary key default uuidv7(), purpose text not null unique);
create table bare.receipt (
  id uuid primary key, till_id uuid not null references bare.till, number bigint not null,
  happened_at timestamptz not null, recorded_at timestamptz not null default now(),
  recorded_by uuid not null, net_amount numeric not null, tax_amount numeric not null,
  unique (till_id, number));
create table bare.receipt_line (
  id uuid primary key default uuidv7(), receipt_id uuid not null references bare.receipt,
  position smallint not null, product_id uuid not null references bare.product,
  quantity numeric not null, unit_price numeric not null, net_amount numeric not null,
  tax_amount numeric not null, unique (receipt_id, position));
create table bare.payment (
  id uuid primary key default uuidv7(), receipt_id uuid not null references bare.receipt,
  position smallint not null, method text not null, amount numeric not null,
  unique (receipt_id, position));
create table bare.stock_move (
  id uuid primary key default uuidv7(), store_id uuid not null,
  product_id uuid not null references bare.product, quantity numeric not null,
  value_amount numeric not null, receipt_id uuid not null references bare.receipt);
create index on bare.stock_move (receipt_id);
create table bare.stock_level (
  store_id uuid not null, product_id uuid not null references bare.product,
  on_hand numeric not null, value_amount numeric not null, primary key (store_id, product_id));
create table bare.journal_line (
  id uuid primary key default uuidv7(), receipt_id uuid not null references bare.receipt,
  position smallint not null, account_id uuid not null references bare.account,
  posted_on date not null, debit numeric not null, credit numeric not null);
create index on bare.journal_line (receipt_id);

insert into bare.product select id, unit_cost from catalog.product where unit_cost is not null;
insert into bare.till select id, store_id from pos.till;
insert into bare.account (purpose) values
  ('cash'), ('sales'), ('tax_payable'), ('cost_of_goods'), ('stock');
insert into bare.stock_level
select s.store_id, p.id, 1000000, 1000000 * p.unit_cost
  from (select distinct store_id from bare.till) s, bare.product p;

create or replace function bare.ring_up(sale jsonb, till uuid, who uuid) returns bigint
  language plpgsql as $$
declare
  made uuid := (sale->>'id')::uuid;
  net numeric := (sale->>'net_amount')::numeric;
  tax numeric := (sale->>'tax_amount')::numeric;
  store uuid;
  taken_number bigint;
  cost numeric;
begin
  update bare.till t set taken = taken + 1 where t.id = till
  returning t.taken, t.store_id into taken_number, store;
  insert into bare.receipt (id, till_id, number, happened_at, recorded_by, net_amount, tax_amount)
  values (made, till, taken_number, (sale->>'happened_at')::timestamptz, who, net, tax);
  insert into bare.receipt_line (receipt_id, position, product_id, quantity, unit_price,
                                 net_amount, tax_amount)
  select made, l.position, l.product_id, l.quantity, l.unit_price, l.net_amount, l.tax_amount
    from jsonb_to_recordset(sale->'lines') as l(position smallint, product_id uuid,
           quantity numeric, unit_price numeric, net_amount numeric, tax_amount numeric);
  insert into bare.payment (receipt_id, position, method, amount)
  select made, p.position, p.method, p.amount
    from jsonb_to_recordset(sale->'payments') as p(position smallint, method text, amount numeric);
  insert into bare.stock_move (store_id, product_id, quantity, value_amount, receipt_id)
  select store, l.product_id, -l.quantity, -l.quantity * p.unit_cost, made
    from bare.receipt_line l join bare.product p on p.id = l.product_id
   where l.receipt_id = made order by l.product_id;
  select -sum(value_amount) into cost from bare.stock_move where receipt_id = made;
  insert into bare.journal_line (receipt_id, position, account_id, posted_on, debit, credit)
  select made, s.position, a.id, current_date, greatest(s.amount, 0), greatest(-s.amount, 0)
    from (values (1, 'cash', net + tax), (2, 'sales', -net), (3, 'tax_payable', -tax),
                 (4, 'cost_of_goods', cost), (5, 'stock', -cost)) s(position, purpose, amount)
    join bare.account a on a.purpose = s.purpose;
  insert into bare.stock_level as l (store_id, product_id, on_hand, value_amount)
  select store_id, product_id, quantity, value_amount
    from bare.stock_move where receipt_id = made order by product_id
  on conflict (store_id, product_id) do update
    set on_hand = l.on_hand + excluded.on_hand,
        value_amount = l.value_amount + excluded.value_amount;
  return taken_number;
end $$;
