-- The reading door. Row-level security keeps operators that aren't leakproof from using indexes,
-- so a table is listed by a definer function that adds its policy as an ordinary WHERE. Columns,
-- operators and policies come from the catalogue; nothing of a caller's text is ever SQL.

-- What of a row is answered, exact numbers as text, and joins that bring what is referred to: a label
-- beside each reference, and columns asked for by a path. What one may not see is left out.
create or replace function kernel_logic.columns_sql(listed regclass, asked jsonb,
  spoken text, own text, out columns text, out joins text)
  language plpgsql stable security definer set search_path = '' as $$
declare
  c record;
  label text;
  path text;
  last text;
  all_joins text[] := '{}';
  from_view boolean := kernel_logic.is_view(listed);
begin
  for c in
    select l.name, l.type, l.base, r.target
      from kernel_logic.listable(listed) with ordinality as l(name, type, base, nullable, place)
      left join kernel_logic.references_of(listed) r using (name)
     where asked is null or l.name = 'id' or asked ? l.name
     order by l.place
  loop
    columns := concat_ws(', ', columns, format('%s as %I',
      kernel_logic.answered(case when c.type = 'brought' then kernel_logic.brought_sql(listed, 'p', c.name)
        when own is null or c.name ~ '^custom([.]|$)'
        then kernel_logic.value_sql('p', c.name, c.base, listed)
        else kernel_logic.in_language(listed, 'p', c.name, own) end, c.base), c.name));
    label := kernel_logic.label_of(c.target);
    if label is not null then
      all_joins := all_joins || kernel_logic.join_of('p', c.name, c.target, from_view);
      columns := columns || format(', %s as %I',
        kernel_logic.in_language(c.target, kernel_logic.alias_of('p.' || c.name), label, spoken),
        c.name || '_label');
    end if;
  end loop;
  for path in select a from jsonb_array_elements_text(asked) a
               where a ~ '[.]' and a !~ '^custom[.][^.]*$' loop
    begin
      c := kernel_logic.place_of(listed, path);
    exception when sqlstate 'KO001' then
      continue;
    end;
    all_joins := all_joins || c.joins;
    columns := columns || format(', %s as %I', kernel_logic.answered(c.expression, c.base), path);
    label := kernel_logic.label_of(c.target);
    if label is not null then
      last := substring(path from '[.]((?:custom[.])?[^.]*)$');
      all_joins := all_joins || kernel_logic.join_of('p.' || left(path, -length(last) - 1), last, c.target, from_view);
      columns := columns || format(', %s as %I',
        kernel_logic.in_language(c.target, kernel_logic.alias_of('p.' || path), label, spoken), path || '_label');
    end if;
  end loop;
  joins := kernel_logic.joined(all_joins);
end $$;

-- Counted exactly to ten thousand, then "more".
create or replace function kernel_logic.count_sql(found text) returns text
  language sql immutable set search_path = '' as $$
  select format('(select jsonb_build_object(''value'', least(count(*), 10000), ''more'', count(*) > 10000)
    from (select from %s f limit 10001) n)', found)
$$;

-- The whole statement for a list. spec: columns, filter [[path, operator, value]], q, sort
-- [[path, asc|desc]], limit (at most 5,000), cursor, count,
-- language (of translated columns), original (but the row's own as they were written). It answers {rows, next, count}.
create or replace function kernel_logic.list_sql(listed regclass, spec jsonb, is_table boolean)
  returns text language plpgsql stable security definer set search_path = '' as $$
declare
  places integer := greatest(least(coalesce((spec->>'limit')::integer, 50), 5000), 1);
  answered record := kernel_logic.columns_sql(listed, spec->'columns', spec->>'language',
    case when spec->'original' is distinct from 'true' then spec->>'language' end);
  sorted record := kernel_logic.order_of(listed, spec->'sort');
  found text := kernel_logic.found(listed, spec, is_table, true);
  few text := 'true';
  page text;
begin
  if is_table and not sorted.by_index and coalesce(btrim(spec->>'q'), '') = '' then
    few := format('(select kernel_logic.demand_few(count(*), %L) from (select from %s f limit 10001) n)',
      (select string_agg(s->>0, ', ') from jsonb_array_elements(spec->'sort') s), found);
  end if;
  page := kernel_logic.page_sql(found || ' p' || kernel_logic.joined(sorted.joins), few, sorted.terms,
    case when spec->>'cursor' is not null then kernel_logic.read_cursor(spec->>'cursor', sorted.terms) end,
    places + 1);
  return format('with page as materialized (%s), numbered as (select row_number() over () as ":0", * from page)
    select jsonb_build_object(''rows'', coalesce((select jsonb_agg(x order by ":0")
      from (select p.":0", (select to_jsonb(r) from (select %s) r) as x
              from numbered p%s where p.":0" <= %s) y), ''[]''), ''next'', %s)',
    page, answered.columns, answered.joins, places, kernel_logic.next_sql(sorted.terms, places))
    || case when spec->'count' = 'true'
         then format(' || jsonb_build_object(''count'', %s)', kernel_logic.count_sql(found)) else '' end;
end $$;

-- The cursor of the page's last row, where there is one more behind it.
create or replace function kernel_logic.next_sql(terms jsonb, places integer) returns text
  language sql stable set search_path = '' as $$
  select format('(select kernel_logic.cursor_of(%L, array[%s]) from numbered where ":0" = %s
                   and exists (select from numbered where ":0" = %s))',
    kernel_logic.signature_of(terms),
    (select string_agg(format('%I', ':' || n), ', ') from generate_series(1, jsonb_array_length(terms)) n),
    places, places + 1)
$$;

-- What no index sorts is sorted in memory, but never more than ten thousand rows.
create or replace function kernel_logic.demand_few(counted bigint, columns text) returns boolean
  language plpgsql stable set search_path = '' as $$
begin
  if counted > 10000 then
    perform kernel_logic.refuse('sort_too_large', jsonb_build_object('column', columns));
  end if;
  return true;
end $$;

create or replace function kernel_logic.list_table(listed regclass, spec jsonb) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  answer jsonb;
begin
  perform kernel_logic.check_listable(listed);
  execute case when coalesce(jsonb_array_length(spec->'group'), 0) > 0
    then kernel_logic.group_sql(listed, spec, true)
    else kernel_logic.list_sql(listed, spec, true) end into answer;
  return answer;
end $$;
alter function kernel_logic.list_table(regclass, jsonb) owner to kontor_list;

-- What is listed under kontor_list's own rights is a table, for somebody who is signed in: a view has
-- no policy of its own to put in.
create or replace function kernel_logic.check_listable(listed regclass) returns void
  language plpgsql stable set search_path = '' as $$
begin
  if kernel_logic.actor() is null then
    perform kernel_logic.refuse('not_signed_in');
  elsif not exists (select from pg_catalog.pg_class where oid = listed and relkind = 'r')
     or not kernel_logic.has_column(listed, 'id') then
    perform kernel_logic.refuse('table_unknown', jsonb_build_object('table', listed::text));
  end if;
end $$;

-- Lists a table or view as the owner of a session sees it. Errors: not_signed_in, table_unknown,
-- column_unknown, operator_not_fitting, filter_value_wrong, sort_too_large, cursor_wrong.
create or replace function kernel_logic.list(token text, listed text, spec jsonb default '{}')
  returns jsonb language plpgsql set search_path = '' as $$
declare
  kind "char";
  answer jsonb;
begin
  perform kernel_logic.set_actor(token);
  if spec->>'view' is not null then
    spec := kernel_logic.with_view(listed, spec);
  end if;
  select c.relkind into kind from pg_catalog.pg_class c
    join kernel.module m on m.name = c.relnamespace::regnamespace::text
   where c.oid = to_regclass(listed) and has_any_column_privilege('kontor_app', c.oid, 'select');
  if kind = 'r' then
    return kernel_logic.list_table(listed::regclass, spec);
  elsif kind = 'v' and has_table_privilege(to_regclass(listed), 'select') then
    -- A view runs as its caller, so that the policies below it hold by themselves.
    execute case when coalesce(jsonb_array_length(spec->'group'), 0) > 0
      then kernel_logic.group_sql(listed::regclass, spec, false)
      else kernel_logic.list_sql(listed::regclass, spec, false) end into answer;
    return answer;
  end if;
  perform kernel_logic.refuse('table_unknown', jsonb_build_object('table', listed));
end $$;
