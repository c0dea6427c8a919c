-- Who holds a till, what is in its drawer, and taking back.

-- Every till has a journal of its own, so that tills don't wait for each other.
create or replace function pos_logic.furnish_till() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  if not exists (select from finance.journal j join master.store s on s.company_id = j.company_id
                  where j.id = new.journal_id and s.id = new.store_id) then
    insert into finance.journal (company_id, store_id, code, name)
    select s.company_id, s.id, new.code, new.name from master.store s where s.id = new.store_id
    returning id into new.journal_id;
  end if;
  return new;
end $$;
create or replace trigger a_furnish before insert on pos.till
  for each row execute function pos_logic.furnish_till();

-- A store has its first till from its first moment.
create or replace function pos_logic.furnish_store() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  insert into pos.till (store_id, code, name) values (new.id, new.code || '1', 'Till 1');
  return null;
end $$;
create or replace trigger z_furnish_till after insert on master.store
  for each row execute function pos_logic.furnish_store();

-- Claims a till for a browser. The same claim again answers the same; a till that another browser
-- holds is taken over only when asked to. Errors: till_unknown, till_is_claimed.
create or replace function pos_logic.claim_till(input jsonb) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  t pos.till;
  c pos.till_claim;
  held pos.till_claim;
begin
  select * into t from pos.till where id = (input->>'till_id')::uuid and is_active
     and store_id = any(kernel_logic.my_stores('pos.sell')) for update;
  if t.id is null then
    perform kernel_logic.refuse('till_unknown');
  end if;
  select * into c from pos.till_claim where id = (input->>'claim_id')::uuid;
  if c.id is not null and c.till_id <> t.id then
    perform kernel_logic.refuse('till_unknown');
  end if;
  if c.id is null or c.ended_at is not null then
    select * into held from pos.till_claim where till_id = t.id and ended_at is null;
    if held.id is not null and not coalesce((input->>'take_over')::boolean, false) then
      perform kernel_logic.refuse('till_is_claimed', jsonb_build_object('since', held.claimed_at));
    end if;
    update pos.till_claim set ended_at = now() where id = held.id;
    if c.id is null then
      insert into pos.till_claim (id, store_id, till_id, series, claimed_by)
      select (input->>'claim_id')::uuid, t.store_id, t.id, pos_logic.series(count(*)::integer),
             kernel_logic.actor()
        from pos.till_claim where till_id = t.id
      returning * into c;
    else
      update pos.till_claim set ended_at = null, claimed_at = now() where id = c.id returning * into c;
    end if;
  end if;
  return (select jsonb_build_object('id', c.id, 'till_id', t.id, 'till_code', t.code, 'till_name', t.name,
      'store_id', t.store_id, 'series', c.series,
      'next_number', (select coalesce(max(number), 0) + 1 from pos.receipt where till_claim_id = c.id),
      'till_session_id', (select s.id from pos.till_session s where s.till_id = t.id and s.state = 'open'),
      'price_includes_tax', coalesce(l.includes_tax, false), 'currency', m.currency,
      'paper', pos_logic.paper_head(t.store_id))
    from master.store s join master.company m on m.id = s.company_id
    left join catalog.store_pricing p on p.id = s.id
    left join catalog.price_list l on l.id = p.price_list_id
   where s.id = t.store_id);
end $$;

-- A, B … Z, AA, AB …
create or replace function pos_logic.series(place integer) returns text
  language sql immutable set search_path = '' as $$
  select case when place < 26 then chr(65 + place)
              else chr(64 + place / 26) || chr(65 + place % 26) end
$$;

create or replace function pos_logic.open_session(input jsonb) returns pos.till_session
  language plpgsql security definer set search_path = '' as $$
declare
  c pos.till_claim;
  s pos.till_session;
  at timestamptz := least(coalesce((input->>'happened_at')::timestamptz, now()), now());
begin
  select * into c from pos.till_claim where id = (input->>'claim_id')::uuid and ended_at is null
     and store_id = any(kernel_logic.my_stores('pos.sell'));
  if c.id is null then
    perform kernel_logic.refuse('till_unknown');
  end if;
  select * into s from pos.till_session where id = (input->>'id')::uuid;
  if s.id is not null and s.till_id = c.till_id then
    return s;
  end if;
  if exists (select from pos.till_session where till_id = c.till_id and state = 'open') then
    perform kernel_logic.refuse('session_is_open');
  end if;
  insert into pos.till_session (id, store_id, till_id, opened_at, opened_by, opening_float)
  values ((input->>'id')::uuid, c.store_id, c.till_id, at, kernel_logic.actor(),
          (input->>'opening_float')::numeric)
  returning * into s;
  perform pos_logic.post_cash(s, '-O', 'Float', s.id, array['cash', 'cash_transit'],
                              array[s.opening_float, -s.opening_float], at);
  return s;
end $$;

-- Books what happens to the drawer apart from sales.
create or replace function pos_logic.post_cash(s pos.till_session, suffix text, text text,
  source uuid, purposes text[], amounts numeric[], at timestamptz) returns void
  language plpgsql security definer set search_path = '' as $$
begin
  if amounts[1] = 0 then
    return;
  end if;
  perform finance_logic.post(m.company_id, s.store_id, t.journal_id,
      t.code || '-S' || upper(right(s.id::text, 8)) || suffix, at,
      finance_logic.open_day(m.company_id, (at at time zone m.time_zone)::date), text,
      'pos.till_session', source, null, purposes, amounts)
     from pos.till t join master.store m on m.id = t.store_id where t.id = s.till_id;
end $$;
revoke execute on function pos_logic.post_cash from public;

-- The running session of the caller's store, locked against a count at the same moment.
create or replace function pos_logic.running(session uuid) returns pos.till_session
  language plpgsql security definer set search_path = '' as $$
declare
  s pos.till_session;
begin
  select * into s from pos.till_session where id = session
     and store_id = any(kernel_logic.my_stores('pos.sell')) for update;
  if s.id is null then
    perform kernel_logic.refuse('session_unknown');
  elsif s.state = 'closed' then
    perform kernel_logic.refuse('session_is_closed');
  end if;
  return s;
end $$;
revoke execute on function pos_logic.running from public;

create or replace function pos_logic.move_cash(input jsonb) returns pos.cash_movement
  language plpgsql security definer set search_path = '' as $$
declare
  s pos.till_session;
  m pos.cash_movement;
  sum numeric := (input->>'amount')::numeric * case input->>'kind' when 'in' then 1 else -1 end;
begin
  select * into m from pos.cash_movement where id = (input->>'id')::uuid;
  if m.id is not null and m.store_id = any(kernel_logic.my_stores('pos.sell')) then
    return m;
  end if;
  s := pos_logic.running((input->>'till_session_id')::uuid);
  insert into pos.cash_movement (id, store_id, till_session_id, kind, amount, reason)
  values ((input->>'id')::uuid, s.store_id, s.id, input->>'kind', abs(sum), input->>'reason')
  returning * into m;
  perform pos_logic.post_cash(s, '-M' || upper(right(m.id::text, 8)), m.reason, m.id,
                              array['cash', 'cash_transit'], array[sum, -sum], m.happened_at);
  return m;
end $$;

-- What should be in the drawer.
create or replace function pos_logic.expected(session uuid) returns numeric
  language sql stable security definer set search_path = '' as $$
  select s.opening_float
       + coalesce((select sum(case kind when 'in' then amount else -amount end)
                     from pos.cash_movement where till_session_id = s.id), 0)
       + coalesce((select sum(p.amount) from pos.receipt r join pos.payment p on p.receipt_id = r.id
                    where r.till_session_id = s.id and p.method = 'cash'), 0)
    from pos.till_session s where s.id = session
$$;
revoke execute on function pos_logic.expected from public;

-- Closes with the counted cash: the difference is booked, the cash leaves the drawer.
create or replace function pos_logic.close_session(input jsonb) returns pos.till_session
  language plpgsql security definer set search_path = '' as $$
declare
  s pos.till_session;
  counted numeric := (input->>'counted_amount')::numeric;
  at timestamptz := least(coalesce((input->>'happened_at')::timestamptz, now()), now());
begin
  s := pos_logic.running((input->>'id')::uuid);
  update pos.till_session
     set state = 'closed', closed_at = at, closed_by = kernel_logic.actor(),
         counted_amount = counted, expected_amount = pos_logic.expected(s.id)
   where id = s.id returning * into s;
  perform pos_logic.post_cash(s, '-D', 'Cash difference', s.id, array['cash', 'cash_difference'],
                              array[s.difference, -s.difference], at);
  perform pos_logic.post_cash(s, '-C', 'Counted cash', s.id, array['cash_transit', 'cash'],
                              array[counted, -counted], at);
  return s;
end $$;

-- A receipt that takes lines of another back, as ring_up takes it. Amounts are the line's share of
-- what was paid, so that after the last piece nothing is left over.
create or replace function pos_logic.take_back(input jsonb) returns pos.receipt
  language plpgsql as $$
declare
  first pos.receipt;
  sale jsonb;
  earlier pos.receipt;
begin
  select * into earlier from pos.receipt where id = (input->>'id')::uuid;
  select * into first from pos.receipt where id = (input->>'receipt_id')::uuid;
  if first.id is null then
    perform kernel_logic.refuse('not_found');
  end if;
  if earlier.id is not null and earlier.returns_id = first.id then
    return earlier;
  end if;
  sale := input - 'receipt_id' || jsonb_build_object('returns_id', first.id,
    'currency', first.currency, 'price_includes_tax', first.price_includes_tax, 'party_id', first.party_id,
    'lines', pos_logic.turned_lines(first.id, input->'lines'));
  return pos_logic.ring_up(pos_logic.with_money_back(sale, first.id));
end $$;

create or replace function pos_logic.void(input jsonb) returns pos.receipt
  language plpgsql as $$
declare
  first pos.receipt;
  earlier pos.receipt;
begin
  select * into earlier from pos.receipt where id = (input->>'id')::uuid;
  select * into first from pos.receipt where id = (input->>'receipt_id')::uuid;
  if first.id is null then
    perform kernel_logic.refuse('not_found');
  end if;
  if earlier.id is not null and earlier.voids_id = first.id then
    return earlier;
  end if;
  return pos_logic.ring_up(pos_logic.with_money_back(
    input - 'receipt_id' || jsonb_build_object('voids_id', first.id, 'currency', first.currency,
      'price_includes_tax', first.price_includes_tax, 'party_id', first.party_id,
      'lines', pos_logic.turned_lines(first.id, (select jsonb_agg(jsonb_build_object(
        'receipt_line_id', id, 'quantity', abs(quantity))) from pos.receipt_line where receipt_id = first.id))),
    first.id));
end $$;

-- The part of an amount that goes back with some pieces, so that all parts make the whole.
create or replace function pos_logic.share(
  amount numeric, taken numeric, back numeric, sold numeric, places smallint) returns numeric
  language sql immutable set search_path = '' as $$
  select round(amount * taken / abs(sold), places) - round(amount * (taken + back) / abs(sold), places)
$$;

-- Lines with their signs turned: the share of the asked quantity, less what was given back before.
create or replace function pos_logic.turned_lines(first_id uuid, asked jsonb) returns jsonb
  language plpgsql stable as $$
declare
  places smallint := (select kernel_logic.decimals(currency) from pos.receipt where id = first_id);
  turned jsonb;
begin
  select jsonb_agg(jsonb_build_object('position', y.place, 'product_id', y.product_id,
      'quantity', -sign(y.quantity) * y.back, 'unit_price', y.unit_price,
      'discount_fraction', y.discount_fraction, 'reverses_line_id', y.id,
      'discount_amount', pos_logic.share(y.discount_amount, y.taken, y.back, y.quantity, places),
      'net_amount', pos_logic.share(y.net_amount, y.taken, y.back, y.quantity, places),
      'tax_amount', (select coalesce(sum((t->>'tax_amount')::numeric), 0) from jsonb_array_elements(x.taxes) t),
      'taxes', x.taxes))
    into turned
    from (select l.*, a.quantity as back, row_number() over (order by l.position) as place,
                 abs(coalesce((select sum(b.quantity) from pos.receipt_line b
                                where b.reverses_line_id = l.id), 0)) as taken
            from (select receipt_line_id, sum(quantity) as quantity
                    from jsonb_to_recordset(asked) as a(receipt_line_id uuid, quantity numeric)
                   group by 1) a
            join pos.receipt_line l on l.id = a.receipt_line_id and l.receipt_id = first_id) y
    cross join lateral (select coalesce(jsonb_agg(jsonb_build_object('tax_id', t.tax_id,
           'base_amount', pos_logic.share(t.base_amount, y.taken, y.back, y.quantity, places),
           'tax_amount', pos_logic.share(t.tax_amount, y.taken, y.back, y.quantity, places))), '[]') as taxes
        from pos.receipt_tax t where t.receipt_line_id = y.id) x;
  if turned is null or jsonb_array_length(turned)
       <> (select count(distinct a->>'receipt_line_id') from jsonb_array_elements(asked) a) then
    perform kernel_logic.refuse('more_than_sold', '{"product": "this line", "left": 0}');
  end if;
  return turned;
end $$;

-- The totals of a taking back, and its money: payment by payment as asked; else by the methods of the
-- first receipt, the one that was chosen first (`method`), then the largest. Error: money_back_other_way.
create or replace function pos_logic.with_money_back(sale jsonb, first uuid) returns jsonb
  language plpgsql stable as $$
declare
  net numeric := (select sum((l->>'net_amount')::numeric) from jsonb_array_elements(sale->'lines') l);
  tax numeric := (select sum((l->>'tax_amount')::numeric) from jsonb_array_elements(sale->'lines') l);
  due numeric := net + tax;
  way record;
  part numeric;
  chosen text := sale->>'method';
  money jsonb := '[]';
begin
  sale := sale - 'method' || jsonb_build_object('net_amount', net, 'tax_amount', tax);
  if jsonb_array_length(coalesce(sale->'payments', '[]')) > 0 then
    return sale;
  end if;
  for way in
    select p.method, sum(p.amount) as left from pos.receipt r join pos.payment p on p.receipt_id = r.id
     where first in (r.id, r.returns_id, r.voids_id) group by 1 having sum(p.amount) <> 0
     order by p.method is distinct from chosen, abs(sum(p.amount)) desc, 1
  loop
    part := -sign(way.left) * least(abs(way.left), abs(due));
    if part <> 0 then
      money := money || jsonb_build_object('position', jsonb_array_length(money) + 1,
                                           'method', way.method, 'amount', part);
      due := due - part;
    end if;
  end loop;
  -- What was chosen must have paid for something that can still be given back.
  if chosen is not null and money <> '[]' and money->0->>'method' <> chosen then
    perform kernel_logic.refuse('money_back_other_way', jsonb_build_object('method', chosen, 'left', 0));
  end if;
  return sale || jsonb_build_object('payments', money);
end $$;

select kernel_logic.track('pos.till');
select kernel_logic.track('pos.till_claim');
select kernel_logic.track('pos.till_session');
select kernel_logic.fact('pos.cash_movement');
select kernel_logic.fact('pos.receipt');

select kernel_logic.bind_to_store('pos.till', 'pos.sell', 'pos.manage');
select kernel_logic.bind_to_store('pos.till_claim', 'pos.sell');
select kernel_logic.bind_to_store('pos.till_session', 'pos.sell');
select kernel_logic.bind_to_store('pos.cash_movement', 'pos.sell');
select kernel_logic.bind_to_store('pos.receipt', 'pos.sell', 'pos.sell');
select kernel_logic.bind_to_store('pos.receipt_line', 'pos.sell', 'pos.sell');
select kernel_logic.bind_to_store('pos.receipt_tax', 'pos.sell', 'pos.sell');
select kernel_logic.bind_to_store('pos.payment', 'pos.sell', 'pos.sell');
create policy a_void_needs_its_right on pos.receipt as restrictive for insert to kontor_app
  with check (voids_id is null or store_id = any((select kernel_logic.my_stores('pos.void'))::uuid[]));
create policy taking_back_needs_its_right on pos.receipt as restrictive for insert to kontor_app
  with check (returns_id is null or store_id = any((select kernel_logic.my_stores('pos.take_back'))::uuid[]));

select kernel_logic.readable('pos.till');
select kernel_logic.readable('pos.till_claim');
select kernel_logic.readable('pos.till_session');
select kernel_logic.readable('pos.cash_movement');
select kernel_logic.readable('pos.receipt');
select kernel_logic.readable('pos.receipt_line');
select kernel_logic.readable('pos.receipt_tax');
select kernel_logic.readable('pos.payment');
grant insert (store_id, code, name, is_active), update (code, name, is_active) on pos.till to kontor_app;
-- Facts: insert and no more.
grant insert on pos.receipt, pos.receipt_line, pos.receipt_tax, pos.payment to kontor_app;

select kernel_logic.searchable('pos.receipt', array['reference', 'party_id.name']);
select kernel_logic.searchable('pos.receipt_line', array['product_id.name', 'receipt_id.reference']);
select kernel_logic.searchable('pos.till', array['name', 'code']);
