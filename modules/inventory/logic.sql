-- Levels are the sum of their moves; only these triggers write them.

-- In key order, so that two sales of the same goods wait for each other and never lock crosswise.
create or replace function inventory_logic.keep_level() returns trigger
  language plpgsql security definer set search_path = '' as $$
declare
  short record;
begin
  insert into inventory.stock_level as l (store_id, location_id, product_id, on_hand, value_amount)
  select store_id, location_id, product_id, sum(quantity), coalesce(sum(value_amount), 0)
    from added group by 1, 2, 3 order by location_id, product_id
  on conflict (location_id, product_id) do update
    set on_hand = l.on_hand + excluded.on_hand, value_amount = l.value_amount + excluded.value_amount;
  for short in
    select l.id, l.store_id, l.on_hand, p.name, o.kind
      from (select distinct location_id, product_id from added where quantity < 0) a
      join inventory.stock_level l using (location_id, product_id)
      join inventory.location o on o.id = l.location_id
      join catalog.product p on p.id = l.product_id
     where l.on_hand < 0
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
  language sql stable security definer set search_path = '' as $$
  select id from inventory.location where store_id = store and kind = 'shelf' and is_active
   order by id limit 1
$$;

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
  costs jsonb;
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
  costs := inventory_logic.costs(place, (
    select jsonb_agg(jsonb_build_object('product_id', n.product_id,
             'quantity', n.counted - coalesce(l.on_hand, 0)) order by n.product_id)
      from inventory.stock_count_line n
      left join inventory.stock_level l on l.location_id = place and l.product_id = n.product_id
     where n.stock_count_id = c.id and n.counted <> coalesce(l.on_hand, 0)),
    (select kernel_logic.decimals(m.currency) from master.store s join master.company m on m.id = s.company_id
      where s.id = c.store_id));
  perform inventory_logic.move(c.store_id, place, costs, c.reason, 'inventory.stock_count', c.id,
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

-- What lines of goods are worth as they go or come: [{product_id, quantity, of}] with signed
-- quantities; goods that come back are worth what they were when they went (of: that document).
-- Adds unit_cost and value_amount; null where the cost is unknown; services are left out.
create or replace function inventory_logic.costs(place uuid, lines jsonb, places smallint) returns jsonb
  language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('product_id', n.product_id, 'name', p.name,
           'quantity', n.quantity, 'unit_cost', c.unit_cost,
           'value_amount', round(n.quantity * c.unit_cost, places)) order by n.place), '[]')
    from rows from (jsonb_to_recordset(lines) as (product_id uuid, quantity numeric, "of" uuid))
         with ordinality as n(product_id, quantity, first_id, place)
    join catalog.product p on p.id = n.product_id and p.kind <> 'service'
    left join inventory.stock_level l on l.location_id = costs.place and l.product_id = n.product_id
    cross join lateral (select coalesce(
      (select m.unit_cost from inventory.stock_move m
        where n.first_id is not null and m.source_id = n.first_id and m.product_id = n.product_id limit 1),
      case when l.on_hand > 0 and l.value_amount > 0 then round(l.value_amount / l.on_hand, 4) end,
      p.unit_cost) as unit_cost) c
$$;
revoke execute on function inventory_logic.costs from public;

-- Moves goods with the costs told by costs(); only definer functions of documents may.
create or replace function inventory_logic.move(store uuid, place uuid, costs jsonb, reason text,
  source_table text, source_id uuid, at timestamptz) returns void
  language sql security definer set search_path = '' as $$
  insert into inventory.stock_move (store_id, location_id, product_id, quantity, unit_cost,
    value_amount, reason, source_table, source_id, happened_at)
  select store, place, c.product_id, c.quantity, c.unit_cost, c.value_amount, reason, source_table,
         source_id, at
    from jsonb_to_recordset(costs) as c(product_id uuid, quantity numeric, unit_cost numeric,
                                        value_amount numeric)
   where c.quantity <> 0
$$;
revoke execute on function inventory_logic.move from public;

-- Where nothing is left of goods but some worth is, takes that worth out; answers how much.
create or replace function inventory_logic.drop_rest(store uuid, place uuid, costs jsonb,
  source_table text, source_id uuid, at timestamptz) returns numeric
  language plpgsql security definer set search_path = '' as $$
declare
  rest jsonb := (select jsonb_agg(jsonb_build_object('product_id', product_id, 'value', value_amount))
    from inventory.stock_level where location_id = place and on_hand = 0 and value_amount <> 0
     and product_id in (select (c->>'product_id')::uuid from jsonb_array_elements(costs) c));
begin
  if rest is null then
    return 0;
  end if;
  insert into inventory.stock_move (store_id, location_id, product_id, quantity, value_amount,
                                    reason, source_table, source_id, happened_at)
  select store, place, (x->>'product_id')::uuid, 0, -(x->>'value')::numeric, 'revaluation',
         source_table, source_id, at
    from jsonb_array_elements(rest) x;
  return (select sum((x->>'value')::numeric) from jsonb_array_elements(rest) x);
end $$;
revoke execute on function inventory_logic.drop_rest from public;

select master_logic.numbered('inventory.stock_count', 'stock_count', 'C{fiscal_year}-{number:4}');
