-- Rules that a constraint can't say, and the one function that rings up.

create or replace function pos_logic.stamp_receipt() returns trigger
  language plpgsql security definer set search_path = '' as $$
declare
  c record;
begin
  select t.code, k.series into c
    from pos.till_claim k join pos.till t on t.id = k.till_id
    join pos.till_session s on s.till_id = k.till_id and s.id = new.till_session_id
   where k.id = new.till_claim_id;
  if not found then
    perform kernel_logic.refuse('session_unknown');
  end if;
  new.reference := c.code || '-' || c.series
    || lpad(new.number::text, greatest(5, length(new.number::text)), '0');
  if new.voids_id is null then
    return new;
  end if;
  -- A voided receipt and its void lie in one running session: one drawer count covers both.
  if not exists
     (select from pos.receipt r join pos.till_session s on s.id = r.till_session_id
       where r.id = new.voids_id and s.id = new.till_session_id and s.state = 'open') then
    perform kernel_logic.refuse('void_other_session');
  end if;
  return new;
end $$;
create or replace trigger b_stamp before insert on pos.receipt
  for each row execute function pos_logic.stamp_receipt();

-- Whether a receipt is in the books or its goods have moved: nothing is added to it then.
create or replace function pos_logic.is_posted(receipt uuid) returns boolean
  language plpgsql stable security definer set search_path = '' as $$
begin
  return exists (select from finance.journal_entry
                  where source_id = receipt and source_table = 'pos.receipt')
      or exists (select from inventory.stock_move
                  where source_id = receipt and source_table = 'pos.receipt');
end $$;
revoke execute on function pos_logic.is_posted from public;

-- Lines, taxes and payments belong to the transaction that made their receipt; nothing is added
-- later. They come in one statement each, for a deferred check that was fired early holds for what
-- comes after; with the payments the receipt must add up.
create or replace function pos_logic.check_lines() returns trigger
  language plpgsql security definer set search_path = '' as $$
declare
  closed boolean;
  goes_back boolean;
begin
  select bool_or(r.made_in <> pg_current_xact_id()
           or a.lines <> (select count(*) from pos.receipt_line l where l.receipt_id = r.id)
           or exists (select from finance.journal_entry
                       where source_id = r.id and source_table = 'pos.receipt')
           or exists (select from inventory.stock_move
                       where source_id = r.id and source_table = 'pos.receipt')),
         bool_or(a.goes_back) into closed, goes_back
    from (select receipt_id, count(*) as lines, bool_or(reverses_line_id is not null) as goes_back
            from added group by 1) a
    join pos.receipt r on r.id = a.receipt_id;
  if closed then
    perform kernel_logic.refuse('receipt_is_closed');
  end if;
  if goes_back then
    perform pos_logic.check_lines_back(array(
      select id from added where reverses_line_id is not null));
  end if;
  return null;
end $$;
create or replace trigger a_check after insert on pos.receipt_line
  referencing new table as added for each statement execute function pos_logic.check_lines();

-- Never more back than was sold. The first receipt is locked, so that two tills take turns.
create or replace function pos_logic.check_lines_back(added uuid[]) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  wrong record;
begin
  perform from pos.receipt r where r.id in
    (select l.receipt_id from pos.receipt_line a
       join pos.receipt_line l on l.id = a.reverses_line_id
      where a.id = any(added))
    order by r.id for update;
  select p.name as product, abs(l.quantity + before.taken) as left into wrong
    from (select reverses_line_id as id, sum(quantity) as quantity, receipt_id
            from pos.receipt_line where id = any(added) group by 1, 3) a
    join pos.receipt_line l on l.id = a.id
    join pos.receipt r on r.id = a.receipt_id
    join catalog.product p on p.id = l.product_id
    cross join lateral (select coalesce(sum(quantity), 0) as all_taken,
             coalesce(sum(quantity) filter (where x.receipt_id <> a.receipt_id), 0) as taken,
             coalesce(sum(net_amount), 0) as net, coalesce(sum(tax_amount), 0) as tax,
             coalesce(bool_or(x.product_id <> l.product_id), false) as other_goods
        from pos.receipt_line x where x.reverses_line_id = a.id) before
   where sign(l.quantity) = sign(a.quantity)
      or abs(before.all_taken) > abs(l.quantity)
      or before.other_goods
      -- Nor more money than was paid for the line.
      or l.net_amount + before.net not between least(l.net_amount, 0) and greatest(l.net_amount, 0)
      or l.tax_amount + before.tax not between least(l.tax_amount, 0) and greatest(l.tax_amount, 0)
      or l.receipt_id is distinct from coalesce(r.returns_id, r.voids_id)
   limit 1;
  if found then
    perform kernel_logic.refuse('more_than_sold', to_jsonb(wrong));
  end if;
end $$;
revoke execute on function pos_logic.check_lines_back from public;

create or replace function pos_logic.check_taxes() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  if exists (select from (select distinct l.receipt_id
                            from added a join pos.receipt_line l on l.id = a.receipt_line_id) a
               join pos.receipt r on r.id = a.receipt_id
              where r.made_in <> pg_current_xact_id() or pos_logic.is_posted(r.id)) then
    perform kernel_logic.refuse('receipt_is_closed');
  end if;
  return null;
end $$;
create or replace trigger a_check after insert on pos.receipt_tax
  referencing new table as added for each statement execute function pos_logic.check_taxes();

-- Money comes with a sale and goes with what is taken back: nothing is paid out against a card, and
-- nothing at all where nothing is due.
create or replace function pos_logic.check_payments() returns trigger
  language plpgsql security definer set search_path = '' as $$
declare
  closed boolean;
  other_way boolean;
  goes_back boolean;
  wrong record;
begin
  select bool_or(r.made_in <> pg_current_xact_id()
           or exists (select from finance.journal_entry
                       where source_id = r.id and source_table = 'pos.receipt')
           or exists (select from inventory.stock_move
                       where source_id = r.id and source_table = 'pos.receipt')),
         bool_or(least(sign(a.least), sign(a.most)) <> sign(r.gross_amount)
           or sign(a.most) <> sign(r.gross_amount)),
         bool_or(coalesce(r.returns_id, r.voids_id) is not null) into closed, other_way, goes_back
    from (select receipt_id, min(amount) as least, max(amount) as most from added group by 1) a
    join pos.receipt r on r.id = a.receipt_id;
  if closed then
    perform kernel_logic.refuse('receipt_is_closed');
  end if;
  if goes_back then
    -- Money goes back the way it came, and never more than came.
    select m.method, sum(p.amount) - min(m.amount) as left into wrong
      from (select coalesce(r.returns_id, r.voids_id) as first_id, a.method, sum(a.amount) as amount
              from added a join pos.receipt r on r.id = a.receipt_id
             where coalesce(r.returns_id, r.voids_id) is not null group by 1, 2) m
      left join pos.receipt x on m.first_id in (x.id, x.returns_id, x.voids_id)
      left join pos.payment p on p.receipt_id = x.id and p.method = m.method
      join pos.receipt f on f.id = m.first_id
     group by m.first_id, m.method, f.gross_amount
    having coalesce(sum(p.amount), 0) * sign(f.gross_amount) < 0;
    if found then
      perform kernel_logic.refuse('money_back_other_way', to_jsonb(wrong));
    end if;
  end if;
  if other_way then
    perform kernel_logic.refuse('receipt_does_not_add_up',
      '{"why": "a payment goes the other way than the total"}');
  end if;
  return null;
end $$;
create or replace trigger a_check after insert on pos.payment
  referencing new table as added for each statement execute function pos_logic.check_payments();

-- A receipt is whole at commit: it adds up line by line, it is paid, it is in the books, and its
-- goods have moved, also where there was nothing to pay.
create or replace function pos_logic.is_whole() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  if not exists (select from finance.journal_entry
                  where source_id = new.id and source_table = 'pos.receipt')
     and (new.gross_amount <> 0 or pos_logic.why_wrong(new) is not null)
     or not exists (select from inventory.stock_move where source_id = new.id)
     and exists (select from pos.receipt_line l join catalog.product p on p.id = l.product_id
                  where l.receipt_id = new.id and p.kind <> 'service') then
    perform kernel_logic.refuse('receipt_has_no_payment', jsonb_build_object('number', new.reference));
  end if;
  return null;
end $$;
create constraint trigger is_whole after insert on pos.receipt
  deferrable initially deferred for each row execute function pos_logic.is_whole();

create or replace function pos_logic.why_wrong(r pos.receipt) returns text
  language plpgsql stable security definer set search_path = '' as $$
declare
  t record;
begin
  select sum(l.net_amount) as net, sum(l.tax_amount) as tax, count(*) as lines,
         (select coalesce(sum(amount), 0) from pos.payment where receipt_id = r.id) as paid,
         min(l.position) filter (where l.net_amount
           + case when r.price_includes_tax then l.tax_amount else 0 end
           <> round(l.quantity * l.unit_price, c.places) - l.discount_amount
           and l.reverses_line_id is null) as wrong_line,
         min(l.position) filter (where l.reverses_line_id is null and (l.discount_amount < 0
           or l.net_amount < 0 or l.tax_amount < 0)) as negative_line,
         min(l.position) filter (where scale(trim_scale(l.net_amount)) > c.places
           or scale(trim_scale(l.tax_amount)) > c.places) as fine_line,
         min(l.position) filter (where x.tax is distinct from nullif(l.tax_amount, 0)) as untaxed_line
    into t
    from (select coalesce((select decimals from kernel.currency_code where code = r.currency),
                          2::smallint) as places) c
    cross join pos.receipt_line l
    left join lateral (select nullif(sum(tax_amount), 0) as tax
                         from pos.receipt_tax where receipt_line_id = l.id) x on true
   where l.receipt_id = r.id;
  return case
    when t.lines = 0 then 'it has no lines'
    when (t.net, t.tax) is distinct from (r.net_amount::numeric, r.tax_amount::numeric)
      then format('lines make %s + %s, the receipt says %s + %s', t.net, t.tax, r.net_amount, r.tax_amount)
    when t.wrong_line is not null then format('line %s is not quantity × price − discount', t.wrong_line)
    when t.negative_line is not null then format('line %s sells for less than nothing', t.negative_line)
    when t.fine_line is not null then format('line %s has more decimals than %s', t.fine_line, r.currency)
    when t.untaxed_line is not null then format('the taxes of line %s differ from its tax', t.untaxed_line)
    when t.paid <> r.gross_amount then 'the payments differ from the total'
  end;
end $$;
revoke execute on function pos_logic.why_wrong from public;

-- Posts the receipt of this very transaction: books, then stock. Who sells may neither see what
-- goods cost nor write books or stock: this writes just what the receipt says, once.
create or replace function pos_logic.post(posted uuid) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  r pos.receipt;
begin
  select * into r from pos.receipt where id = posted and made_in = pg_current_xact_id();
  if r.id is null or pos_logic.is_posted(r.id) then
    perform kernel_logic.refuse('receipt_is_closed');
  end if;
  perform pos_logic.post_new(r);
end $$;

-- The same of a receipt that is known to be of this transaction and not posted yet.
create or replace function pos_logic.post_new(r pos.receipt) returns uuid
  language plpgsql security definer set search_path = '' as $$
declare
  wrong text := pos_logic.why_wrong(r);
  place record;
  shelf uuid := inventory_logic.shelf(r.store_id);
  day date;
  goods inventory.goods[];
  sides record;
  entry uuid;
  rest numeric;
begin
  if wrong is not null then
    perform kernel_logic.refuse('receipt_does_not_add_up', jsonb_build_object('why', wrong));
  end if;
  select s.company_id, m.currency, d.decimals, t.journal_id,
         k.ended_at is not null as claim_had_ended, n.state = 'closed' as session_was_closed
    into place
    from pos.till_claim k join pos.till t on t.id = k.till_id
    join pos.till_session n on n.id = r.till_session_id
    join master.store s on s.id = r.store_id
    join master.company m on m.id = s.company_id
    left join kernel.currency_code d on d.code = m.currency
   where k.id = r.till_claim_id;
  if r.currency <> place.currency then
    perform kernel_logic.refuse('receipt_does_not_add_up', jsonb_build_object('why',
      format('it is in %s, the books are in %s', r.currency, place.currency)));
  end if;
  goods := inventory_logic.costs(shelf, array(
    select row(product_id, -quantity, null, null)::inventory.goods
      from pos.receipt_line where receipt_id = r.id order by product_id, position),
    coalesce(r.returns_id, r.voids_id), coalesce(place.decimals, 2::smallint));
  select array_agg(p.method) as methods, array_agg(p.amount::numeric) as amounts,
         (select sum(value_amount) from unnest(goods)) as cost,
         (select bool_or(unit_cost is null) from unnest(goods)) as cost_unknown into sides
    from pos.payment p where p.receipt_id = r.id;
  day := finance_logic.open_day(place.company_id, r.business_on);

  if sides.methods is not null or r.net_amount <> 0 or r.tax_amount <> 0 or sides.cost <> 0 then
    entry := finance_logic.post(place.company_id, r.store_id, place.journal_id, r.reference,
      r.happened_at, day, 'Receipt ' || r.reference, 'pos.receipt', r.id, r.party_id,
      sides.methods || array['sales', 'tax_payable', 'cost_of_goods', 'stock'],
      sides.amounts || array[-r.net_amount, -r.tax_amount, -sides.cost, sides.cost]::numeric[]);
  end if;
  if day <> r.business_on or place.session_was_closed or place.claim_had_ended
     or sides.cost_unknown then
    perform pos_logic.flag_odd(r, day, place.session_was_closed, place.claim_had_ended, goods);
  end if;
  perform inventory_logic.move(r.store_id, shelf, goods,
    case when r.kind = 'sale' then 'sale' else 'return' end, 'pos.receipt', r.id, r.happened_at);
  -- What is left of the worth when nothing is left on the shelf goes to the difference account.
  rest := inventory_logic.drop_rest(r.store_id, shelf, goods, 'pos.receipt', r.id, r.happened_at);
  if rest <> 0 then
    perform finance_logic.post(place.company_id, r.store_id, place.journal_id,
      r.reference || '-V', r.happened_at, day, 'Revaluation at nothing left',
      'inventory.stock_move', r.id, null, array['stock_difference', 'stock'], array[rest, -rest]);
  end if;
  return entry;
end $$;
revoke execute on function pos_logic.post_new from public;

create or replace function pos_logic.flag_odd(r pos.receipt, day date, session_was_closed boolean,
  claim_had_ended boolean, goods inventory.goods[]) returns void
  language plpgsql security definer set search_path = '' as $$
begin
  if day <> r.business_on then
    perform kernel_logic.flag('pos.receipt', r.id, r.store_id, 'posted_to_later_day',
      jsonb_build_object('reference', r.reference, 'business_on', r.business_on, 'posted_on', day));
  end if;
  if session_was_closed then
    perform kernel_logic.flag('pos.receipt', r.id, r.store_id, 'session_was_closed',
              jsonb_build_object('reference', r.reference));
  end if;
  if claim_had_ended then
    perform kernel_logic.flag('pos.receipt', r.id, r.store_id, 'claim_had_ended',
              jsonb_build_object('reference', r.reference));
  end if;
  perform kernel_logic.flag('catalog.product', p.id, null, 'cost_unknown',
            jsonb_build_object('product', p.name))
     from unnest(goods) g join catalog.product p on p.id = g.product_id where g.unit_cost is null;
end $$;
revoke execute on function pos_logic.flag_odd from public;

-- Whether the prices of a store include tax.
create or replace function pos_logic.prices_include_tax(store uuid) returns boolean
  language plpgsql stable security definer set search_path = '' as $$
begin
  return coalesce((select l.includes_tax from catalog.store_pricing p
                     join catalog.price_list l on l.id = p.price_list_id where p.id = store), false);
end $$;

-- Rings up a sale that was made at a till. A fixed number of statements, however many lines. A
-- repeat gets the first receipt; the same id with another body is refused. It writes as the owner,
-- and asks for the rights of the receipt's store itself, once, as the policies of its tables do.
-- Its plans are kept: made for each sale anew they took a fifteenth of its time.
create or replace function pos_logic.ring_up(sale jsonb) returns pos.receipt
  language plpgsql security definer set search_path = ''
  set plan_cache_mode = force_generic_plan as $$
declare
  r pos.receipt;
  stores uuid[] := kernel_logic.my_stores('pos.sell');
  store uuid;
  hash bytea := sha256(convert_to(sale::text, 'UTF8'));
  entry uuid;
begin
  select c.store_id into store from pos.till_claim c
   where c.id = (sale->>'claim_id')::uuid and c.store_id = any(stores);
  if store is null then
    perform kernel_logic.refuse('till_unknown');
  end if;
  if sale->>'voids_id' is not null and store <> all(kernel_logic.my_stores('pos.void'))
     or sale->>'returns_id' is not null
        and store <> all(kernel_logic.my_stores('pos.take_back')) then
    raise insufficient_privilege using message = 'no right to void or to take back in this store';
  end if;
  if jsonb_array_length(sale->'lines') > 500 then
    perform kernel_logic.refuse('too_many_lines');
  end if;
  insert into pos.receipt (id, store_id, till_claim_id, till_session_id, number, returns_id, voids_id,
      party_id, reason, happened_at, currency, price_includes_tax, discount_fraction, net_amount,
      tax_amount, body_hash)
  select s.id, store, s.claim_id, s.till_session_id, s.number, s.returns_id, s.voids_id, s.party_id,
         s.reason, coalesce(s.happened_at, now()), s.currency,
         coalesce(s.price_includes_tax, pos_logic.prices_include_tax(store)),
         coalesce(s.discount_fraction, 0), s.net_amount, s.tax_amount, hash
    from jsonb_to_record(sale) as s(id uuid, claim_id uuid, till_session_id uuid, number bigint,
      returns_id uuid, voids_id uuid, party_id uuid, reason text, happened_at timestamptz,
      currency text, price_includes_tax boolean, discount_fraction numeric, net_amount numeric,
      tax_amount numeric)
  -- Any conflict, not the id's alone: of two at once the second may meet the number first.
  on conflict do nothing
  returning * into r;
  if not found then
    return pos_logic.first_of(sale, hash, stores);
  end if;
  perform pos_logic.add_lines(r, sale);
  insert into pos.payment (store_id, receipt_id, position, method, amount, tendered, approval_code)
  select store, r.id, p.position, p.method, p.amount, p.tendered, p.approval_code
    from jsonb_to_recordset(sale->'payments') as p(position smallint, method text,
           amount numeric, tendered numeric, approval_code text);
  entry := pos_logic.post_new(r);
  return r;
end $$;

create or replace function pos_logic.add_lines(r pos.receipt, sale jsonb) returns void
  language plpgsql security definer set search_path = '' as $$
begin
  insert into pos.receipt_line (store_id, receipt_id, position, product_id, quantity, unit_price,
                                discount_fraction, discount_amount, net_amount, tax_amount,
                                reverses_line_id)
  select r.store_id, r.id, l.position, l.product_id, l.quantity, l.unit_price,
         coalesce(l.discount_fraction, 0), coalesce(l.discount_amount, 0), l.net_amount,
         l.tax_amount, l.reverses_line_id
    from jsonb_to_recordset(sale->'lines') as l(position smallint, product_id uuid,
           quantity numeric, unit_price numeric, discount_fraction numeric,
           discount_amount numeric, net_amount numeric, tax_amount numeric, reverses_line_id uuid);
  if sale @? '$.lines[*].taxes[*]' then
    insert into pos.receipt_tax (store_id, receipt_line_id, tax_id, base_amount, tax_amount)
    select r.store_id, line.id, t.tax_id, t.base_amount, t.tax_amount
      from jsonb_to_recordset(sale->'lines') as l(position smallint, taxes jsonb)
      join pos.receipt_line line on line.receipt_id = r.id and line.position = l.position
      cross join lateral jsonb_to_recordset(coalesce(l.taxes, '[]'))
                    as t(tax_id uuid, base_amount numeric, tax_amount numeric);
  end if;
end $$;
revoke execute on function pos_logic.add_lines from public;

-- The receipt that was rung up before, where it is of one of these stores and the same.
create or replace function pos_logic.first_of(sale jsonb, hash bytea, stores uuid[])
  returns pos.receipt
  language plpgsql as $$
declare
  r pos.receipt;
begin
  select * into r from pos.receipt where id = (sale->>'id')::uuid and store_id = any(stores);
  if r.id is null and exists (select from pos.receipt where voids_id = (sale->>'voids_id')::uuid
                                                         and store_id = any(stores)) then
    perform kernel_logic.refuse('already_voided');
  elsif r.id is null then
    perform kernel_logic.refuse('number_is_taken', jsonb_build_object('number', sale->>'number'));
  elsif r.body_hash <> hash then
    perform kernel_logic.refuse('receipt_differs', jsonb_build_object('number', r.reference));
  end if;
  return r;
end $$;

-- What a rule asks for, where its expression doesn't say it: told to who breaks it.
comment on constraint till_code_check on pos.till is 'use 1 to 12 capital letters and digits';
comment on constraint receipt_check on pos.receipt is 'a receipt takes back or voids another, not both';
comment on constraint receipt_line_check on pos.receipt_line is 'only what is taken back has a quantity below 0';
comment on constraint payment_back_check on pos.payment is 'nothing is tendered for money that goes back';
comment on constraint payment_check on pos.payment is 'only cash is tendered, and no less than is paid';
