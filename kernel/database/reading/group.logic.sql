-- Groups of a list with their totals.

-- One total over a group: count, or sum|avg|min|max of a number (min and max also of days and times).
-- said: 'sum:net_amount'. Errors: column_unknown, total_wrong.
create or replace function kernel_logic.total_of(listed regclass, said text, at_place integer,
  out terms jsonb, out joins text[])
  language plpgsql stable security definer set search_path = '' as $$
declare
  kind text := split_part(said, ':', 1);
  place record := kernel_logic.place_of(listed, substr(said, length(kind) + 2));
  numbers text[] := array['numeric', 'integer', 'bigint', 'smallint'];
begin
  if kind not in ('sum', 'avg', 'min', 'max') or place.base <> all(numbers || case when kind in ('min', 'max')
       then array['date', 'timestamp with time zone'] else '{}' end) then
    perform kernel_logic.refuse('total_wrong', jsonb_build_object('total', said));
  end if;
  joins := place.joins;
  terms := jsonb_build_object('name', said, 'sql', format('p.%I', ':t' || at_place),
    'input', place.expression, 'column', ':t' || at_place, 'nullable', true,
    'made', format(case when kind = 'avg' then 'trim_scale(round(avg(f.%I), 6))' else kind || '(f.%I)' end,
                   ':t' || at_place),
    'base', case when kind in ('min', 'max') then place.base else 'numeric' end);
end $$;

-- What is grouped by: a column, or a date's part: 'business_on:month' (day, week, month, quarter, year;
-- a moment's day is that of the actor's stores). Errors: column_unknown, group_wrong.
create or replace function kernel_logic.group_of(listed regclass, said text, at_place integer,
  out terms jsonb, out joins text[], out target regclass)
  language plpgsql stable security definer set search_path = '' as $$
declare
  part text := nullif(split_part(said, ':', 2), '');
  place record := kernel_logic.place_of(listed, split_part(said, ':', 1));
  expression text := place.expression;
begin
  if place.base in ('jsonb', 'text[]', 'bytea') or part is not null and (part not in ('day', 'week', 'month', 'quarter', 'year')
       or place.base not in ('date', 'timestamp with time zone')) then
    perform kernel_logic.refuse('group_wrong', jsonb_build_object('group', said));
  elsif part is not null then
    expression := format('date_trunc(%L, %s)::date', part, case place.base when 'date'
      then expression || '::timestamp'
      else format('(%s at time zone %L)', expression, kernel_logic.my_time_zone()) end);
  end if;
  joins := place.joins;
  target := case when part is null then place.target end;
  terms := jsonb_build_object('name', said, 'sql', format('p.%I', ':g' || at_place), 'input', expression,
    'column', ':g' || at_place, 'nullable', true, 'base', case when part is null then place.base else 'date' end);
end $$;

-- The order of groups: as asked, by what is grouped or totalled, then by the groups themselves.
create or replace function kernel_logic.group_order(keys jsonb, totals jsonb, sort jsonb) returns jsonb
  language plpgsql stable set search_path = '' as $$
declare
  known jsonb := keys || totals || jsonb_build_array(jsonb_build_object('name', 'count',
    'sql', 'p.":count"', 'base', 'bigint', 'nullable', false));
  said jsonb;
  one jsonb;
  terms jsonb := '[]';
begin
  for said in select s from jsonb_array_elements(coalesce(sort, '[]')) s loop
    select k into one from jsonb_array_elements(known) k where k->>'name' = said->>0;
    if one is null then
      perform kernel_logic.refuse('column_unknown', jsonb_build_object('column', said->>0));
    end if;
    terms := terms || jsonb_set(one, '{down}', to_jsonb(coalesce(said->>1, 'asc') = 'desc'));
  end loop;
  for one in select k from jsonb_array_elements(keys) k loop
    if not jsonb_path_exists(terms, '$[*] ? (@.name == $n)', jsonb_build_object('n', one->'name')) then
      terms := terms || jsonb_set(one, '{down}', 'false');
    end if;
  end loop;
  return terms;
end $$;

-- A group as it is answered: its values by the names that were asked for, a label beside a reference.
create or replace function kernel_logic.group_answer(keys jsonb, totals jsonb, targets regclass[], whole boolean,
  as_caller boolean)
  returns text[] language plpgsql stable security definer set search_path = '' as $$
declare
  columns text := (select string_agg(format('%s as %I', kernel_logic.answered(k->>'sql', k->>'base'), k->>'name'),
                                     ', ' order by n)
                     from jsonb_array_elements(case when whole then keys else keys - 1 end || totals)
                          with ordinality as x(k, n));
  joins text := '';
  label text;
begin
  for i in 1 .. case when whole then cardinality(targets) else 1 end loop
    label := kernel_logic.label_of(targets[i]);
    if label is not null then
      joins := joins || format(' left join %s %I on %2$I.id = %s', kernel_logic.rows_of(targets[i], as_caller),
        ':l' || i, keys->(i - 1)->>'sql');
      columns := columns || format(', %I.%I as %I', ':l' || i, label, (keys->(i - 1)->>'name') || '_label');
    end if;
  end loop;
  return array[concat_ws(', ', columns, 'p.":count" as count'), joins];
end $$;

-- The whole statement for groups. spec: group (one or two of 'store_id', 'business_on:month'), totals
-- ('sum:net_amount' …, at most ten), sort over both and 'count', filter, q, limit (at most 5,000
-- groups a page), cursor, count. It answers {rows, next, total} and, for two, the subtotals of the
-- first over the page's groups; count counts the groups.
create or replace function kernel_logic.group_sql(listed regclass, spec jsonb, is_table boolean)
  returns text language plpgsql stable security definer set search_path = '' as $$
declare
  places integer := greatest(least(coalesce((spec->>'limit')::integer, 50), 5000), 1);
  keys jsonb := '[]';
  totals jsonb := '[]';
  joins text[] := '{}';
  targets regclass[] := '{}';
  said text;
  one record;
  terms jsonb;
  two boolean;
  answer text[];
  sub text[];
begin
  if jsonb_array_length(spec->'group') > 2 or jsonb_array_length(coalesce(spec->'totals', '[]')) > 10 then
    perform kernel_logic.refuse('too_many_groups');
  end if;
  for said in select jsonb_array_elements_text(spec->'group') loop
    one := kernel_logic.group_of(listed, said, jsonb_array_length(keys));
    keys := keys || one.terms;
    targets := targets || one.target;
    joins := joins || one.joins;
  end loop;
  for said in select jsonb_array_elements_text(coalesce(spec->'totals', '[]')) loop
    one := kernel_logic.total_of(listed, said, jsonb_array_length(totals));
    totals := totals || one.terms;
    joins := joins || one.joins;
  end loop;
  two := jsonb_array_length(keys) = 2;
  terms := kernel_logic.group_order(keys, totals, spec->'sort');
  answer := kernel_logic.group_answer(keys, totals, targets, true, not is_table);
  sub := kernel_logic.group_answer(keys, totals, targets, false, not is_table);
  return format('with totalled as materialized (%s),
    page as materialized (%s), numbered as (select row_number() over () as ":0", * from page)
    select jsonb_build_object(''rows'', coalesce((select jsonb_agg(x order by ":0")
      from (select p.":0", (select to_jsonb(r) from (select %s) r) as x
              from numbered p%s where p.":0" <= %s) y), ''[]''), ''next'', %s,
      ''total'', (select to_jsonb(r) from (select %s from totalled p where p.":level" = %s) r))',
    kernel_logic.totalled_sql(kernel_logic.found(listed, spec, is_table, false) || ' p' || kernel_logic.joined(joins),
                              keys, totals),
    kernel_logic.page_sql('totalled p', 'p.":level" = 0', terms, case when spec->>'cursor' is not null
      then kernel_logic.read_cursor(spec->>'cursor', terms) end, places + 1),
    answer[1], answer[2], places, kernel_logic.next_sql(terms, places),
    (kernel_logic.group_answer('[]', totals, '{}', true, not is_table))[1], case when two then 3 else 1 end)
    || case when two then format(' || jsonb_build_object(''subtotals'', coalesce((select jsonb_agg(to_jsonb(r))
         from (select %s from totalled p%s where p.":level" = 1 and exists (select from numbered n
                where n.":0" <= %s and n.":g0" is not distinct from p.":g0")) r), ''[]''))',
         sub[1], sub[2], places) else '' end
    || case when spec->'count' = 'true' then format(' || jsonb_build_object(''count'', %s)',
         kernel_logic.count_sql('(select from totalled where ":level" = 0)')) else '' end;
end $$;

-- One pass over the rows: each group, the first's subtotals where there are two, and the whole.
create or replace function kernel_logic.totalled_sql(from_sql text, keys jsonb, totals jsonb) returns text
  language sql stable set search_path = '' as $$
  with k as (select string_agg(format('f.%I', t->>'column'), ', ' order by n) as names
               from jsonb_array_elements(keys) with ordinality as x(t, n)),
  inside as (select string_agg(format('%s as %I', t->>'input', t->>'column'), ', ') as columns
               from jsonb_array_elements(keys || totals) t),
  made as (select coalesce(string_agg(format(', %s as %I', t->>'made', t->>'column'), ''), '') as columns
             from jsonb_array_elements(totals) t)
  select format('select %1$s, count(*) as ":count", grouping(%1$s) as ":level"%2$s
    from (select %3$s from %4$s) f group by grouping sets ((%1$s)%5$s, ())', k.names, made.columns,
    inside.columns, from_sql, case when jsonb_array_length(keys) = 2 then ', (f.":g0")' else '' end)
    from k, inside, made
$$;
