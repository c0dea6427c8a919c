-- A million products and a million sales of two years in twenty stores, as a restore would bring them:
-- without triggers. $products and $sales are the numbers of rows.
insert into catalog.product (number, name, unit_price, unit_cost)
select 'L' || n, (array['Lamp', 'Bell', 'Saddle', 'Pump', 'Chain', 'Helmet', 'Glove', 'Tyre'])[1 + n % 8]
         || ' ' || (array['red', 'blue', 'steel', 'city', 'trail'])[1 + n % 5] || ' ' || n,
       5 + n % 500, 3 + n % 300
  from generate_series(1, $products) n;

insert into inventory.stock_level (store_id, location_id, product_id, on_hand, value_amount)
select l.store_id, l.id, p.id, 100000, 100000 * p.unit_cost
  from (select id, unit_cost from catalog.product where number like 'L%' limit 50000) p,
       inventory.location l join master.store s on s.id = l.store_id
 where l.kind = 'shelf' and s.code in ('S2', 'S3');

create temp table till on commit drop as
  with made as (
    insert into pos.till (store_id, code, name, journal_id)
    select s.id, 'L' || row_number() over (order by s.code), 'Large',
           (select id from finance.journal limit 1)
      from master.store s returning id, store_id, journal_id),
  claimed as (
    insert into pos.till_claim (id, store_id, till_id, series, claimed_by)
    select uuidv7(), store_id, id, 'L', uuidv7() from made returning id, till_id),
  opened as (
    insert into pos.till_session (id, store_id, till_id, opened_by, opening_float)
    select uuidv7(), store_id, id, uuidv7(), 0 from made returning id, till_id)
  select row_number() over (order by m.id) - 1 as nth, m.store_id, m.journal_id, c.id as claim_id,
         o.id as session_id, s.company_id,
         (select l.id from inventory.location l where l.store_id = m.store_id and l.kind = 'shelf') as shelf_id
    from made m join claimed c on c.till_id = m.id join opened o on o.till_id = m.id
    join master.store s on s.id = m.store_id;
create unique index on till (nth);

create temp table sold on commit drop as
  select g.n, uuidv7(-(interval '2 years' * (1 - n / $sales::float8))) as id, uuidv7() as entry_id,
         now() - interval '2 years' * (1 - g.n / $sales::float8) as at, t.*, p.id as product_id,
         p.unit_price, p.unit_cost
    from generate_series(1, $sales) g(n)
    join till t on t.nth = g.n % (select count(*) from till)
    join (select row_number() over () - 1 as place, id, unit_price, unit_cost
            from catalog.product where number like 'L%' limit 100000) p
      on p.place = (g.n::bigint * 7919) % least($products, 100000);

insert into audit.request (made_in, operation) values ('0', 'bench');
insert into pos.receipt (id, store_id, till_claim_id, till_session_id, number, reference, happened_at,
    business_on, recorded_at, recorded_by, currency, net_amount, tax_amount, body_hash, made_in, request_id)
select id, store_id, claim_id, session_id, n, 'L' || n, at, at::date, at, claim_id, 'USD', unit_price, 0,
       '\x00', '0', claim_id from sold;
insert into pos.receipt_line (store_id, receipt_id, position, product_id, quantity, unit_price,
    net_amount, tax_amount)
select store_id, id, 1, product_id, 1, unit_price, unit_price, 0 from sold;
insert into pos.payment (store_id, receipt_id, position, method, amount)
select store_id, id, 1, 'cash', unit_price from sold;
insert into finance.journal_entry (id, company_id, store_id, journal_id, number, happened_at, business_on,
    posted_on, source_table, source_id, recorded_at, recorded_by, made_in, request_id)
select entry_id, company_id, store_id, journal_id, 'L' || n, at, at::date, at::date, 'pos.receipt', id, at,
       claim_id, '0', claim_id from sold;
insert into finance.journal_line (company_id, store_id, journal_entry_id, position, account_id, posted_on,
    debit, credit, currency, currency_amount, source_table, source_id)
select sold.company_id, sold.store_id, sold.entry_id, side.position, a.id, sold.at::date, greatest(side.amount, 0),
       greatest(-side.amount, 0), 'USD', side.amount, 'pos.receipt', sold.id
  from sold, lateral (values (1, 'cash', unit_price), (2, 'sales', -unit_price),
                             (3, 'cost_of_goods', unit_cost), (4, 'stock', -unit_cost))
             side(position, purpose, amount)
  join finance.account a on a.purpose = side.purpose;
insert into inventory.stock_move (store_id, location_id, product_id, quantity, unit_cost, value_amount,
    reason, source_table, source_id, happened_at, business_on, recorded_at, recorded_by, made_in, request_id)
select store_id, shelf_id, product_id, -1, unit_cost, -unit_cost, 'sale', 'pos.receipt', id, at, at::date,
       at, claim_id, '0', claim_id from sold;
