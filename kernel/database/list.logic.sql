-- The reading door. Row-level security keeps operators that aren't leakproof from using indexes,
-- so a table is listed by a definer function that adds its policy as an ordinary WHERE. Columns,
-- operators and policies come from the catalogue; nothing of a caller's text is ever SQL.

-- A table's name as people write it: schema.table, without quotes.
create or replace function kernel_logic.name_of(named regclass) returns text
  language sql stable set search_path = '' as $$
  select c.relnamespace::regnamespace || '.' || c.relname from pg_catalog.pg_class c where c.oid = named
$$;

-- A table's or view's columns that the actor may see: name, type, whether null can stand there.
create or replace function kernel_logic.listable(listed regclass)
  returns table (name text, type text, base text, nullable boolean)
  language sql stable security definer set search_path = '' as $$
  select a.attname::text, format_type(a.atttypid, a.atttypmod),
         format_type(coalesce(nullif(t.typbasetype, 0), t.oid), null), not a.attnotnull
    from pg_catalog.pg_attribute a join pg_catalog.pg_type t on t.oid = a.atttypid
   where a.attrelid = listed and a.attnum > 0 and not a.attisdropped
     and (has_column_privilege('kontor_app', listed, a.attnum, 'select')
          or exists (select from kernel.guarded_column g
                      where g.table_name = kernel_logic.name_of(listed) and g.column_name = a.attname
                        and kernel_logic.may(g.permission)))
   order by a.attnum
$$;

-- The table's own policy for reading, as text; false where it has none.
create or replace function kernel_logic.policy_of(listed regclass) returns text
  language sql stable security definer set search_path = '' as $$
  select coalesce(string_agg('(' || pg_get_expr(polqual, polrelid) || ')', ' or ')
                    filter (where polpermissive), 'false')
      || coalesce(' and ' || string_agg('(' || pg_get_expr(polqual, polrelid) || ')', ' and ')
                    filter (where not polpermissive), '')
    from pg_catalog.pg_policy
   where polrelid = listed and polcmd in ('r', '*')
     and (select oid from pg_catalog.pg_roles where rolname = 'kontor_app') = any(polroles)
$$;

-- What a row is called where another refers to it.
create or replace function kernel_logic.label_of(listed regclass) returns text
  language plpgsql stable security definer set search_path = '' as $$
begin
  return (select a.attname from pg_catalog.pg_attribute a
           where a.attrelid = listed and not a.attisdropped
             and a.attname = any(array['name', 'reference', 'number', 'code', 'username'])
           order by array_position(array['name', 'reference', 'number', 'code', 'username'], a.attname::text)
           limit 1);
end $$;

-- Whether a condition on a column has an index to stand on: sortable together with id.
create or replace function kernel_logic.sortable(listed regclass, named text) returns boolean
  language sql stable security definer set search_path = '' as $$
  select exists (select from pg_catalog.pg_index i
                   join pg_catalog.pg_attribute a on a.attrelid = listed and a.attname = named
                  where i.indrelid = listed and i.indkey[0] = a.attnum and i.indpred is null
                    and (i.indisunique and i.indnkeyatts = 1 or i.indkey[1] =
                         (select attnum from pg_catalog.pg_attribute
                           where attrelid = listed and attname = 'id')))
$$;

create or replace function kernel_logic.like_text(typed text) returns text
  language sql immutable set search_path = '' as $$
  select replace(replace(replace(lower(typed), '\', '\\'), '%', '\%'), '_', '\_')
$$;

-- One condition of a filter as SQL: [column, operator, value].
create or replace function kernel_logic.condition(listed regclass, said jsonb) returns text
  language plpgsql stable security definer set search_path = '' as $$
declare
  c record;
  op text := said->>1;
  value text := said->>2;
begin
  select * into c from kernel_logic.listable(listed) where name = said->>0;
  if c.name is null then
    perform kernel_logic.refuse('column_unknown', jsonb_build_object('column', said->>0));
  end if;
  case
    when op in ('=', '!=', '<', '<=', '>', '>=') then
      return format('%I %s %L::%s', c.name, replace(op, '!=', '<>'), value, c.base);
    when op = 'in' then
      return format('%I = any(%L::%s[])', c.name,
        (select array_agg(v) from jsonb_array_elements_text(said->2) v)::text, c.base);
    when op = 'contains' then
      return format('lower(%I::text) like %L', c.name, '%' || kernel_logic.like_text(value) || '%');
    when op = 'starts' then
      return format('lower(%I::text) like %L', c.name, kernel_logic.like_text(value) || '%');
    when op = 'is_null' then
      return format('%I is null', c.name);
    when op = 'not_null' then
      return format('%I is not null', c.name);
    else
      perform kernel_logic.refuse('operator_unknown', jsonb_build_object('operator', op));
  end case;
end $$;

-- The rows that a search finds, over the columns that the table names; three letters find anywhere,
-- fewer the start. Each column of a table brings its own candidates, for with "or" between them no
-- index is used; a view is asked once, since its rows cost more than the comparing.
create or replace function kernel_logic.search(
  listed regclass, wanted text, typed text, is_table boolean) returns text
  language plpgsql stable security definer set search_path = '' as $$
declare
  pattern text := case when length(btrim(typed)) >= 3 then '%' else '' end
                  || kernel_logic.like_text(btrim(typed)) || '%';
  columns jsonb := (select value from kernel.setting where setting.name = 'search:' || kernel_logic.name_of(listed));
  part text;
  parts text[] := '{}';
  named text;
  other regclass;
begin
  for named in select jsonb_array_elements_text(columns) loop
    if named not like '%.%' then
      part := format('lower(%I) like %L', named, pattern);
    else
      select confrelid into other from pg_catalog.pg_constraint k
       where k.conrelid = listed and k.contype = 'f' and k.conkey[1] =
             (select attnum from pg_catalog.pg_attribute
               where attrelid = listed and attname = split_part(named, '.', 1));
      part := format('%I in (select o.id from %s o where lower(o.%I) like %L and (%s) limit 1001)',
        split_part(named, '.', 1), other, split_part(named, '.', 2), pattern, kernel_logic.policy_of(other));
    end if;
    parts := parts || case when is_table
      then format('(select id from %s where %s and %s limit 1001)', listed, wanted, part) else part end;
  end loop;
  if parts = '{}' then
    perform kernel_logic.refuse('not_searchable');
  end if;
  return format('select * from %s where %s and %s limit 1001', listed, wanted, case when is_table
    then format('id in (%s)', array_to_string(parts, ' union all '))
    else format('(%s)', array_to_string(parts, ' or ')) end);
end $$;

-- What of a row is answered, exact numbers as text, and joins that bring a label beside each reference.
create or replace function kernel_logic.columns_sql(listed regclass, asked jsonb,
  out columns text, out joins text)
  language plpgsql stable security definer set search_path = '' as $$
declare
  c record;
  label text;
begin
  joins := '';
  for c in
    select l.name, l.base, min(f.confrelid::oid)::regclass as refers_to
      from kernel_logic.listable(listed) l
      join pg_catalog.pg_attribute a on a.attrelid = listed and a.attname = l.name
      left join (pg_catalog.pg_constraint f join pg_catalog.pg_attribute i
                   on i.attrelid = f.confrelid and i.attnum = f.confkey[1] and i.attname = 'id')
        on f.conrelid = listed and f.contype = 'f' and f.conkey[1] = a.attnum
     where asked is null or l.name = 'id' or asked ? l.name
     group by l.name, l.base, a.attnum order by a.attnum
  loop
    columns := concat_ws(', ', columns, case
      when c.base in ('numeric', 'bigint', 'xid8') then format('p.%1$I::text as %1$I', c.name)
      when c.base = 'bytea' then format('encode(p.%1$I, ''hex'') as %1$I', c.name)
      else format('p.%I', c.name) end);
    label := kernel_logic.label_of(c.refers_to);
    if label is not null then
      columns := columns || format(', %1$I.%1$I', c.name || '_label');
      joins := joins || format(' left join (select id, %I as %I from %s where %s) %I on %I.id = p.%I', label,
        c.name || '_label', c.refers_to, kernel_logic.policy_of(c.refers_to), c.name || '_label',
        c.name || '_label', c.name);
    end if;
  end loop;
end $$;

-- The whole statement for a list. spec: columns, filter [[column, operator, value]], q, sort
-- [[column, asc|desc]], limit (at most 200), cursor, count. It answers {rows, next, count}.
create or replace function kernel_logic.list_sql(listed regclass, spec jsonb, is_table boolean)
  returns text language plpgsql stable security definer set search_path = '' as $$
declare
  places integer := greatest(least(coalesce((spec->>'limit')::integer, 50), 5000), 1);
  sorted_by text := coalesce(spec->'sort'->0->>0, 'id');
  backwards boolean := coalesce(spec->'sort'->0->>1 = 'desc', false);
  way text := case when backwards then 'desc' else 'asc' end;
  after text := case when backwards then '<' else '>' end;
  c record;
  answered record := kernel_logic.columns_sql(listed, spec->'columns');
  wanted text := case when is_table then '(' || kernel_logic.policy_of(listed) || ')' else 'true' end;
  source text;
  counted text;
  seek text := '';
  seek_null text := '';
begin
  select * into c from kernel_logic.listable(listed) where name = sorted_by;
  if c.name is null then
    perform kernel_logic.refuse('column_unknown', jsonb_build_object('column', sorted_by));
  end if;
  select wanted || coalesce(string_agg(' and ' || kernel_logic.condition(listed, f), ''), '')
    into wanted from jsonb_array_elements(coalesce(spec->'filter', '[]')) f;
  source := format('select * from %s where %s', listed, wanted);
  counted := format('select from %s where %s', listed, wanted);
  if coalesce(btrim(spec->>'q'), '') <> '' then
    -- Candidates first, at most a thousand and one, then sorted: a search never sorts the table.
    source := kernel_logic.search(listed, wanted, spec->>'q', is_table);
    counted := format('select from (%s) s', source);
  end if;
  if spec ? 'cursor' then
    seek := case when spec->'cursor'->0 = 'null' then ' and false'
                 else format(' and (%I, id) %s (%L::%s, %L::uuid)', sorted_by, after,
                             spec->'cursor'->>0, c.base, spec->'cursor'->>1) end;
    seek_null := case when spec->'cursor'->0 = 'null'
                      then format(' and id > %L::uuid', spec->'cursor'->>1) else '' end;
  end if;
  if sorted_by = 'id' then
    source := format('select * from (%s) s where true%s order by id %s limit %s', source,
      case when spec ? 'cursor' then format(' and id %s %L::uuid', after, spec->'cursor'->>1) else '' end,
      way, places + 1);
  elsif c.nullable then
    source := format('(select * from (%1$s) s where %2$I is not null%3$s order by %2$I %4$s, id %4$s limit %5$s)
      union all (select * from (%1$s) s where %2$I is null%6$s order by id limit %5$s) limit %5$s',
      source, sorted_by, seek, way, places + 1, seek_null);
  else
    source := format('select * from (%s) s where true%s order by %I %s, id %s limit %s', source, seek,
                     sorted_by, way, way, places + 1);
  end if;
  return format('with page as materialized (%s), numbered as (select row_number() over () as place, * from page)
    select jsonb_build_object(''rows'', coalesce((select jsonb_agg(x order by place)
      from (select p.place, (select to_jsonb(r) from (select %s) r) as x
              from numbered p%s where p.place <= %s) y), ''[]''),
      ''next'', (select jsonb_build_array(to_jsonb(%I::text), id) from numbered
                  where place = %s and exists (select from numbered where place = %s)))',
    source, answered.columns, answered.joins, places, sorted_by, places, places + 1)
    || case when spec->'count' = 'true' then format(' || jsonb_build_object(''count'',
      (select jsonb_build_object(''value'', least(count(*), 10000), ''more'', count(*) > 10000)
         from (%s limit 10001) n))', counted) else '' end;
end $$;

create or replace function kernel_logic.list_table(listed regclass, spec jsonb) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  answer jsonb;
begin
  -- What no index sorts is sorted in memory, but never more than ten thousand rows.
  if spec ? 'sort' and not kernel_logic.sortable(listed, spec->'sort'->0->>0) and coalesce(spec->>'q', '') = '' then
    execute kernel_logic.list_sql(listed, jsonb_build_object('filter', coalesce(spec->'filter', '[]'),
      'count', true, 'limit', 1, 'columns', '["id"]'::jsonb), true) into answer;
    if (answer->'count'->'more')::boolean then
      perform kernel_logic.refuse('sort_too_large', jsonb_build_object('column', spec->'sort'->0->>0));
    end if;
  end if;
  execute kernel_logic.list_sql(listed, spec, true) into answer;
  return answer;
end $$;
alter function kernel_logic.list_table(regclass, jsonb) owner to kontor_list;

-- Lists a table or view as the owner of a session sees it. Errors: not_signed_in, table_unknown.
create or replace function kernel_logic.list(token text, listed text, spec jsonb default '{}')
  returns jsonb language plpgsql set search_path = '' as $$
declare
  kind "char";
  answer jsonb;
begin
  perform kernel_logic.set_actor(token);
  select c.relkind into kind from pg_catalog.pg_class c
    join kernel.module m on m.name = c.relnamespace::regnamespace::text
   where c.oid = to_regclass(listed) and has_any_column_privilege('kontor_app', c.oid, 'select');
  if kind = 'r' then
    return kernel_logic.list_table(listed::regclass, spec);
  elsif kind = 'v' and has_table_privilege(to_regclass(listed), 'select') then
    -- A view runs as its caller, so that the policies below it hold by themselves.
    execute kernel_logic.list_sql(listed::regclass, spec, false) into answer;
    return answer;
  end if;
  perform kernel_logic.refuse('table_unknown', jsonb_build_object('table', listed));
end $$;
