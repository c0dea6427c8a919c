-- The order of a list and its pages. A page goes on after the last row's own values (keyset), so that
-- deep in a list costs what its beginning costs. Empty values come last, whichever way it is sorted.

create or replace function kernel_logic.attnum_of(listed regclass, named text) returns smallint
  language sql stable set search_path = '' as $$
  select attnum from pg_catalog.pg_attribute where attrelid = listed and attname = named and attnum > 0
$$;

-- Whether an index gives this order, ending with id or unique before it, and which way id then goes.
-- Nothing where none does.
create or replace function kernel_logic.index_order(listed regclass, named text[], downs boolean[])
  returns table (id_down boolean)
  language sql stable security definer set search_path = '' as $$
  with wanted as (select array_agg(kernel_logic.attnum_of(listed, n) order by place) as cols
                    from unnest(named) with ordinality as u(n, place)),
  candidate as (
    select i.indisunique and i.indnkeyatts = cardinality(named) as is_unique,
           (i.indoption[0] & 1 = 1) <> downs[1] as flipped,
           i.indkey[cardinality(named)] = kernel_logic.attnum_of(listed, 'id')
             and i.indnkeyatts > cardinality(named) as with_id,
           i.indoption[cardinality(named)] & 1 = 1 as id_desc,
           array(select (i.indoption[k - 1] & 1 = 1) <> downs[k]
                   from generate_subscripts(named, 1) k) as flips
      from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid, wanted w
     where i.indrelid = listed and i.indpred is null and i.indisvalid
       and c.relam = (select oid from pg_catalog.pg_am where amname = 'btree')
       and i.indnkeyatts >= cardinality(named)
       and not exists (select from generate_subscripts(named, 1) k
                        where i.indkey[k - 1] is distinct from w.cols[k]))
  (select case when with_id then flipped <> id_desc else downs[cardinality(downs)] end
    from candidate
   where (is_unique or with_id) and flipped = all(flips)
   order by with_id and (flipped <> id_desc) = downs[cardinality(downs)] desc, is_unique desc limit 1)
   union all
  select downs[1] where cardinality(named) = 1 and named[1] like 'custom.%'
                    and kernel_logic.custom_is_indexed(listed, named[1])
$$;

-- The columns that are sortable: indexed alone where they are unique, else together with id.
create or replace function kernel_logic.sortables(listed regclass) returns text[]
  language sql stable security definer set search_path = '' as $$
  select coalesce(array_agg(distinct a.attname::text), '{}') || array(
           select c.name from kernel_logic.custom_columns(listed) c
            where kernel_logic.custom_is_indexed(listed, c.name))
    from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid
    join pg_catalog.pg_attribute a on a.attrelid = listed and a.attnum = i.indkey[0]
   where i.indrelid = listed and i.indpred is null and i.indisvalid
     and c.relam = (select oid from pg_catalog.pg_am where amname = 'btree')
     and (i.indisunique and i.indnkeyatts = 1
          or i.indnkeyatts > 1 and i.indkey[1] = kernel_logic.attnum_of(listed, 'id'))
$$;

-- What a list is ordered by: expressions over p with type, way and whether null can stand there, the
-- last one id; by_index tells whether an index gives that order. sort: [[path, asc|desc], …].
create or replace function kernel_logic.order_of(listed regclass, sort jsonb, out terms jsonb,
  out joins text[], out by_index boolean)
  language plpgsql stable security definer set search_path = '' as $$
declare
  said jsonb;
  place record;
  named text[] := '{}';
  downs boolean[] := '{}';
  id_down boolean;
begin
  terms := '[]';
  joins := '{}';
  for said in select s from jsonb_array_elements(coalesce(sort, '[]')) s loop
    place := kernel_logic.place_of(listed, said->>0);
    named := named || (said->>0);
    downs := downs || (coalesce(said->>1, 'asc') = 'desc');
    exit when said->>0 = 'id';
    joins := joins || place.joins;
    terms := terms || jsonb_build_object('name', said->>0, 'sql', place.expression, 'base', place.base,
      'down', downs[cardinality(downs)], 'nullable', place.nullable);
  end loop;
  if cardinality(named) > 5 then
    perform kernel_logic.refuse('too_many_sorts');
  end if;
  select o.id_down into id_down from kernel_logic.index_order(listed, named, downs) o;
  by_index := named = '{}' or named = array['id'] or found and (cardinality(named) = 1
    or not jsonb_path_exists(terms, '$[*] ? (@.nullable == true)'));
  terms := terms || jsonb_build_object('name', 'id', 'sql', 'p.id',
    'base', (select l.base from kernel_logic.listable(listed) l where l.name = 'id'),
    'down', coalesce(id_down, downs[cardinality(downs)], false), 'nullable', false);
end $$;

-- The order as it stands behind "order by".
create or replace function kernel_logic.order_sql(terms jsonb) returns text
  language sql immutable set search_path = '' as $$
  select string_agg((t->>'sql') || case when (t->>'down')::boolean then ' desc' else '' end
    || case when (t->>'down')::boolean and (t->>'nullable')::boolean then ' nulls last' else '' end, ', ' order by n)
    from jsonb_array_elements(terms) with ordinality as x(t, n)
$$;

-- What a cursor belongs to: another order can't go on from it.
create or replace function kernel_logic.signature_of(terms jsonb) returns text
  language sql immutable set search_path = '' as $$
  select md5(string_agg((t->>'name') || ' ' || (t->>'base') || ' ' || (t->>'down'), ',' order by n))
    from jsonb_array_elements(terms) with ordinality as x(t, n)
$$;

-- A cursor: the last row's values, as one opaque word that goes into an address as it is.
create or replace function kernel_logic.cursor_of(signature text, values_ text[]) returns text
  language sql immutable set search_path = '' as $$
  select rtrim(translate(encode(convert_to(jsonb_build_array(signature, to_jsonb(values_))::text, 'UTF8'),
    'base64'), E'+/\n', '-_'), '=')
$$;

-- The values in a cursor. Error: cursor_wrong, where it was made by another sort or by nobody.
create or replace function kernel_logic.read_cursor(cursor_ text, terms jsonb) returns text[]
  language plpgsql stable set search_path = '' as $$
declare
  said jsonb;
begin
  begin
    said := convert_from(decode(rpad(translate(cursor_, '-_', '+/'),
      (length(cursor_) + 3) / 4 * 4, '='), 'base64'), 'UTF8')::jsonb;
  exception when data_exception then
    said := null;
  end;
  if said->>0 is distinct from kernel_logic.signature_of(terms)
     or coalesce(jsonb_array_length(said->1), 0) <> jsonb_array_length(terms) then
    perform kernel_logic.refuse('cursor_wrong');
  end if;
  return array(select v from jsonb_array_elements_text(said->1) with ordinality as x(v, n) order by n);
end $$;

-- The condition that a row comes after these values, in that order. Where all goes one way and nothing
-- is empty it is a comparison of rows, which an index follows; else it begins with the first term's
-- own range.
create or replace function kernel_logic.after_sql(terms jsonb, keys text[]) returns text
  language plpgsql stable set search_path = '' as $$
declare
  t jsonb;
  n integer := 0;
  down boolean := (terms->0->>'down')::boolean;
  same text := '';
  parts text[] := '{}';
  beyond text;
begin
  if not jsonb_path_exists(terms, '$[*] ? (@.nullable == true)')
     and not exists (select from jsonb_array_elements(terms) x where (x->>'down')::boolean <> down) then
    return (select format('(%s) %s (%s)', string_agg(x->>'sql', ', ' order by i),
                          case when down then '<' else '>' end,
                          string_agg(format('%L::%s', keys[i], x->>'base'), ', ' order by i))
              from jsonb_array_elements(terms) with ordinality as u(x, i));
  end if;
  for t in select x from jsonb_array_elements(terms) x loop
    n := n + 1;
    beyond := format('%s %s %L::%s', t->>'sql', case when (t->>'down')::boolean then '<' else '>' end,
                     keys[n], t->>'base');
    beyond := case when keys[n] is null then 'false'
                   when (t->>'nullable')::boolean then format('(%s or %s is null)', beyond, t->>'sql')
                   else beyond end;
    parts := parts || (same || beyond);
    same := same || case when keys[n] is null then format('%s is null and ', t->>'sql')
                         else format('%s = %L::%s and ', t->>'sql', keys[n], t->>'base') end;
  end loop;
  return case when (terms->0->>'nullable')::boolean then '' else format('%s %s %L::%s and ',
      terms->0->>'sql', case when down then '<=' else '>=' end, keys[1], terms->0->>'base') end
    || '(' || array_to_string(parts, ' or ') || ')';
end $$;

-- A page of rows in that order, with the values of its terms beside each row as ":1", ":2" …
-- from_sql: what stands behind "from". A single column that may be empty is read as two ranges of its
-- index: what is filled, then what is not.
create or replace function kernel_logic.page_sql(from_sql text, condition text, terms jsonb,
  keys text[], places integer) returns text
  language plpgsql stable set search_path = '' as $$
declare
  shown text := (select string_agg(format('(%s)::text as %I', t->>'sql', ':' || n), ', ' order by n)
                   from jsonb_array_elements(terms) with ordinality as x(t, n));
  whole text := format('select p.*, %s from %s where %s', shown, from_sql, condition);
  filled jsonb;
  rest jsonb := terms - 0;
begin
  if jsonb_array_length(terms) = 2 and (terms->0->>'nullable')::boolean then
    filled := jsonb_set(terms, '{0,nullable}', 'false');
    return format('(%1$s and %2$s is not null%3$s order by %4$s limit %7$s)
      union all (%1$s and %2$s is null%5$s order by %6$s limit %7$s) limit %7$s', whole, terms->0->>'sql',
      case when keys is null then '' when keys[1] is null then ' and false'
           else ' and ' || kernel_logic.after_sql(filled, keys) end,
      kernel_logic.order_sql(filled),
      case when keys is null or keys[1] is not null then ''
           else ' and ' || kernel_logic.after_sql(rest, keys[2:]) end,
      kernel_logic.order_sql(rest), places);
  end if;
  return format('%s%s order by %s limit %s', whole,
    case when keys is null then '' else ' and ' || kernel_logic.after_sql(terms, keys) end,
    kernel_logic.order_sql(terms), places);
end $$;
