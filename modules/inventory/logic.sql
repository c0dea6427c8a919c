-- Levels are the sum of their moves; only these triggers write them.

-- In key order, so that two sales of the same goods wait for each other and never lock crosswise.
create or replace function inventory_logic.keep_level() returns trigger
  language plpgsql security definer set search_path = '' as $$
declare
  below uuid[];
  short record;
begin
  with kept as (
    insert into inventory.stock_level as l
           (store_id, location_id, product_id, on_hand, value_amount)
    select store_id, location_id, product_id, sum(quantity), coalesce(sum(value_amount), 0)
      from added group by 1, 2, 3 order by location_id, product_id
    on conflict (location_id, product_id) do update
      set on_hand = l.on_hand + excluded.on_hand,
          value_amount = l.value_amount + excluded.value_amount
    returning l.id, l.on_hand)
  select array_agg(id) into below from kept where on_hand < 0;
  if below is null then
    return null;
  end if;
  for short in
    select l.id, l.store_id, l.on_hand, p.name, o.kind
      from (select distinct location_id, product_id from added where quantity < 0) a
      join inventory.stock_level l using (location_id, product_id)
      join inventory.location o on o.id = l.location_id
      join catalog.product p on p.id = l.product_id
     where l.id = any(below)
  loop
    if short.kind <> 'shelf' then
      perform kernel_logic.refuse('stock_below_zero',
        jsonb_build_object('product', short.name, 'on_hand', short.on_hand::text));
    end if;
    perform kernel_logic.flag('inventory.stock_level', short.id, short.store_id, 'stock_below_zero',
      jsonb_build_object('product', short.name, 'on_hand', short.on_hand::text));
  end loop;
  return null;
end $$;
create or replace trigger keep_level after insert on inventory.stock_move
  referencing new table as added for each statement execute function inventory_logic.keep_level();

-- Where tills of a store sell from.
create or replace function inventory_logic.shelf(store uuid) returns uuid
  language plpgsql stable security definer set search_path = '' as $$
begin
  return (select id from inventory.location where store_id = store and kind = 'shelf' and is_active
           order by id limit 1);
end $$;

-- What may be below zero on a shelf may not in a store room: a place with moves keeps its kind. The
-- row is locked as a move's reference locks it, so that a first move under way is waited for.
create or replace function inventory_logic.keep_kind() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  if new.kind <> old.kind then
    perform from inventory.location where id = old.id for update;
    if exists (select from inventory.stock_move where location_id = old.id) then
      perform kernel_logic.refuse('location_is_used', jsonb_build_object('location', old.name));
    end if;
  end if;
  return new;
end $$;
create or replace trigger a_keep_kind before update of kind on inventory.location
  for each row execute function inventory_logic.keep_kind();

-- Every store has a warehouse with a shelf from its first moment, so that it can sell.
create or replace function inventory_logic.furnish() returns trigger
  language plpgsql security definer set search_path = '' as $$
declare
  house uuid;
begin
  insert into inventory.warehouse (store_id, name) values (new.id, 'Shop') returning id into house;
  insert into inventory.location (store_id, warehouse_id, name, kind)
  values (new.id, house, 'Shelf', 'shelf'), (new.id, house, 'Store room', 'store_room');
  return null;
end $$;
create or replace trigger furnish after insert on master.store
  for each row execute function inventory_logic.furnish();

-- A posted count does not change, nor do its lines.
create or replace function inventory_logic.count_is_open() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  -- Locked, so that a posting under way is waited for and its outcome seen.
  perform from inventory.stock_count c where c.id = new.stock_count_id for key share;
  if exists (select from inventory.stock_count c where c.id = new.stock_count_id and c.state <> 'draft') then
    perform kernel_logic.refuse('count_is_posted');
  end if;
  return new;
end $$;
create or replace trigger count_is_open before insert or update on inventory.stock_count_line
  for each row execute function inventory_logic.count_is_open();
create or replace function inventory_logic.count_moves_on() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  if old.state <> 'draft' then
    perform kernel_logic.refuse('count_is_posted');
  end if;
  return new;
end $$;
create or replace trigger a_moves_on before update on inventory.stock_count
  for each row execute function inventory_logic.count_moves_on();

-- Notes a count as a draft.
create or replace function inventory_logic.take_count(input jsonb) returns jsonb
  language plpgsql as $$
declare
  made uuid := uuidv7();
  store uuid := (input->>'store_id')::uuid;
begin
  insert into inventory.stock_count (id, store_id, reason)
  values (made, store, coalesce(input->>'reason', 'count'));
  insert into inventory.stock_count_line (store_id, stock_count_id, product_id, counted)
  select store, made, product_id, sum(counted)
    from jsonb_to_recordset(input->'lines') as l(product_id uuid, counted numeric) group by product_id;
  return jsonb_build_object('id', made);
end $$;

-- Posts a count: what was counted less what is on hand becomes moves, with their booking.
create or replace function inventory_logic.post_count(input jsonb) returns inventory.stock_count
  language plpgsql security definer set search_path = '' as $$
declare
  c inventory.stock_count;
  place uuid;
  goods inventory.goods[];
begin
  select * into c from inventory.stock_count where id = (input->>'id')::uuid for update;
  if c.id is null or c.store_id <> all(kernel_logic.my_stores('inventory.count')) then
    perform kernel_logic.refuse('not_found');
  end if;
  if c.state <> 'draft' then
    perform kernel_logic.refuse('count_is_posted');
  end if;
  place := inventory_logic.shelf(c.store_id);
  perform from inventory.stock_level l join inventory.stock_count_line n
     on n.product_id = l.product_id and n.stock_count_id = c.id
   where l.location_id = place order by l.product_id for update of l;
  goods := inventory_logic.costs(place, array(
    select row(n.product_id, n.counted - coalesce(l.on_hand, 0), null, null)::inventory.goods
      from inventory.stock_count_line n
      left join inventory.stock_level l on l.location_id = place and l.product_id = n.product_id
     where n.stock_count_id = c.id and n.counted <> coalesce(l.on_hand, 0) order by n.product_id),
    null, (select kernel_logic.decimals(m.currency)
             from master.store s join master.company m on m.id = s.company_id
            where s.id = c.store_id));
  perform inventory_logic.move(c.store_id, place, goods, c.reason, 'inventory.stock_count', c.id,
                               coalesce((input->>'happened_at')::timestamptz, now()));
  update inventory.stock_count set state = 'posted' where id = c.id returning * into c;
  return c;
end $$;

-- Takes back opening counts that an import posted: counts that find nothing of what they brought. Drafts
-- that it proposed are cancelled. Goods that have moved since stand in the way, and a proposal that was
-- posted does.
create or replace function inventory_logic.undo_counts(request uuid, tried boolean) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  made uuid[] := array(select row_id from audit.change where request_id = undo_counts.request
                          and table_name = 'inventory.stock_count' and verb = 'insert');
  c record;
begin
  if tried then
    -- A sale under way is waited for, and its move is seen; the next one waits for the count.
    perform from inventory.stock_level l
      where (l.location_id, l.product_id) in (select m.location_id, m.product_id from inventory.stock_move m
                                               where m.request_id = undo_counts.request)
      order by l.product_id for update;
    return (select coalesce(jsonb_agg(w.way), '[]') from (
      select jsonb_build_object('table', 'catalog.product', 'id', o.product_id, 'why', 'moved') as way
        from inventory.stock_move o
       where o.request_id = undo_counts.request and exists (select from inventory.stock_move m
               where m.product_id = o.product_id and m.location_id = o.location_id and m.id > o.id
                 and m.request_id <> o.request_id)
      union
      select jsonb_build_object('table', 'inventory.stock_count', 'id', s.id, 'why', 'posted')
        from inventory.stock_count s
       where s.id = any(made) and s.reason = 'count' and s.state = 'posted') w);
  end if;
  update inventory.stock_count set state = 'cancelled' where id = any(made) and state = 'draft';
  for c in select s.id, s.store_id from inventory.stock_count s
            where s.id = any(made) and s.state = 'posted' order by s.id loop
    perform inventory_logic.post_count(inventory_logic.take_count(jsonb_build_object(
      'store_id', c.store_id, 'reason', 'opening',
      'lines', (select jsonb_agg(jsonb_build_object('product_id', l.product_id,
                         'counted', coalesce(v.on_hand, 0) - coalesce(m.quantity, 0)))
                  from inventory.stock_count_line l
                  left join inventory.stock_move m on m.source_id = c.id and m.product_id = l.product_id
                  left join inventory.stock_level v on v.product_id = l.product_id
                   and v.location_id = inventory_logic.shelf(c.store_id)
                 where l.stock_count_id = c.id))));
  end loop;
  return '[]';
end $$;
revoke execute on function inventory_logic.undo_counts from public;
select kernel_logic.undone_with('inventory.stock_level');
select kernel_logic.undone_with('inventory.stock_count_line', owner => 'stock_count_id');
select kernel_logic.undone_with('inventory.stock_count', undoes => 'inventory_logic.undo_counts');

select kernel_logic.track('inventory.warehouse');
select kernel_logic.track('inventory.location');
select kernel_logic.track('inventory.reorder_rule');
select kernel_logic.track('inventory.stock_count');
select kernel_logic.fact('inventory.stock_move');
create or replace trigger tell_insert after insert on inventory.stock_level
  referencing new table as told
  for each statement execute function kernel_logic.tell_once('inventory.stock_level');
create or replace trigger tell_update after update on inventory.stock_level
  referencing new table as told
  for each statement execute function kernel_logic.tell_once('inventory.stock_level');

select kernel_logic.bind_to_store('inventory.warehouse', 'inventory.see', 'inventory.manage');
select kernel_logic.bind_to_store('inventory.location', 'inventory.see', 'inventory.manage');
select kernel_logic.bind_to_store('inventory.stock_move', 'inventory.see');
select kernel_logic.bind_to_store('inventory.stock_level', 'inventory.see');
select kernel_logic.bind_to_store('inventory.reorder_rule', 'inventory.see', 'inventory.manage');
select kernel_logic.bind_to_store('inventory.stock_count', 'inventory.see', 'inventory.count');
select kernel_logic.bind_to_store('inventory.stock_count_line', 'inventory.see', 'inventory.count');

select kernel_logic.readable('inventory.warehouse');
select kernel_logic.readable('inventory.location');
select kernel_logic.readable('inventory.stock_move', array['unit_cost', 'value_amount'], 'inventory.see_cost');
select kernel_logic.readable('inventory.stock_level', array['value_amount'], 'inventory.see_cost');
select kernel_logic.readable('inventory.reorder_rule');
select kernel_logic.readable('inventory.stock_count');
select kernel_logic.readable('inventory.stock_count_line');
grant insert, update on inventory.warehouse, inventory.location, inventory.reorder_rule to kontor_app;
grant insert (id, store_id, reason), update (state) on inventory.stock_count to kontor_app;
grant insert on inventory.stock_count_line to kontor_app;
create policy posting_is_an_operation on inventory.stock_count as restrictive for update to kontor_app
  with check (state = 'cancelled');

select kernel_logic.searchable('inventory.stock_level', array['product_id.name', 'product_id.number']);
select kernel_logic.searchable('inventory.stock_move', array['product_id.name', 'product_id.number']);
select kernel_logic.searchable('inventory.reorder_rule', array['product_id.name', 'product_id.number']);
select kernel_logic.searchable('inventory.stock_count', array['number']);
select kernel_logic.searchable('inventory.location', array['name']);

-- What goods are worth as they go or come, by their signed quantities: what comes back is worth what
-- it was when it went (first: that document). Adds unit_cost and value_amount, null where the cost
-- is unknown; services are left out.
create or replace function inventory_logic.costs(
  place uuid, goods inventory.goods[], first uuid, places smallint) returns inventory.goods[]
  language plpgsql stable security definer set search_path = '' as $$
begin
  return array(
    select row(n.product_id, n.quantity, c.unit_cost,
               round(n.quantity * c.unit_cost, places))::inventory.goods
      from unnest(goods) with ordinality as n(product_id, quantity, unit_cost, value_amount, line)
      join catalog.product p on p.id = n.product_id and p.kind <> 'service'
      left join inventory.stock_level l on l.location_id = place and l.product_id = n.product_id
      cross join lateral (select coalesce(
        case when first is not null then (select m.unit_cost from inventory.stock_move m
                where m.source_id = first and m.product_id = n.product_id limit 1) end,
        case when l.on_hand > 0 and l.value_amount > 0
             then round(l.value_amount / l.on_hand, 4) end,
        p.unit_cost) as unit_cost) c
     order by n.line);
end $$;
revoke execute on function inventory_logic.costs from public;

-- Moves goods with their costs; only definer functions of documents may.
create or replace function inventory_logic.move(store uuid, place uuid, goods inventory.goods[],
  reason text, source_table text, source_id uuid, at timestamptz) returns void
  language plpgsql security definer set search_path = '' as $$
begin
  insert into inventory.stock_move (store_id, location_id, product_id, quantity, unit_cost,
    value_amount, reason, source_table, source_id, happened_at)
  select store, place, g.product_id, g.quantity, g.unit_cost, g.value_amount, move.reason,
         move.source_table, move.source_id, at
    from unnest(goods) g where g.quantity <> 0;
end $$;
revoke execute on function inventory_logic.move from public;

-- Where nothing is left of goods but some worth is, takes that worth out; answers how much.
create or replace function inventory_logic.drop_rest(
  store uuid, place uuid, goods inventory.goods[], source_table text, source_id uuid, at timestamptz)
  returns numeric
  language plpgsql security definer set search_path = '' as $$
declare
  rest numeric;
begin
  if not exists (select from inventory.stock_level where location_id = place
                    and product_id = any(array(select product_id from unnest(goods)))
                    and on_hand = 0 and value_amount <> 0) then
    return 0;
  end if;
  with moved as (
    insert into inventory.stock_move (store_id, location_id, product_id, quantity, value_amount,
                                      reason, source_table, source_id, happened_at)
    select store, place, l.product_id, 0, -l.value_amount, 'revaluation', drop_rest.source_table,
           drop_rest.source_id, at
      from inventory.stock_level l where l.location_id = place
       and l.product_id = any(array(select product_id from unnest(goods)))
       and l.on_hand = 0 and l.value_amount <> 0
    returning value_amount)
  select -sum(value_amount) into rest from moved;
  return rest;
end $$;
revoke execute on function inventory_logic.drop_rest from public;

select master_logic.numbered('inventory.stock_count', 'stock_count', 'C{fiscal_year}-{number:4}');
