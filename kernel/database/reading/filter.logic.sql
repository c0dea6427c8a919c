-- Filters and search as SQL. A filter is [path, operator, value]; operators come from a list by type,
-- values are literals with a cast.

-- The operators that fit a type.
create or replace function kernel_logic.operators(base text) returns text[]
  language sql immutable set search_path = '' as $$
  select case
    when base in ('jsonb', 'text[]') then array['has']
    when base = 'boolean' then array['=', '!=']
    when base in ('numeric', 'integer', 'bigint', 'smallint')
      then array['=', '!=', '<', '<=', '>', '>=', 'between', 'in', 'not_in']
    when base = 'text' then array['=', '!=', 'contains', 'not_contains', 'starts', '<', '<=', '>', '>=',
                                  'between', 'in', 'not_in']
    when base in ('date', 'timestamp with time zone')
      then array['=', '!=', '<', '<=', '>', '>=', 'between', 'within', 'in', 'not_in']
    else array['=', '!=', 'in', 'not_in'] end || array['is_null', 'not_null']
$$;

-- The time zone in which the actor reads a day: that of most of their stores.
create or replace function kernel_logic.my_time_zone() returns text
  language sql stable security definer set search_path = '' as $$
  select coalesce((select k.time_zone from kernel.store_key k
                    where k.id = any(kernel_logic.all_my_stores())
                    group by 1 order by count(*) desc, 1 limit 1), 'UTC')
$$;

-- The days of a time said relative to today: today, yesterday, tomorrow, this|last|next
-- day|week|month|quarter|year (whole ones, weeks from Monday), last|next N days|weeks|months|years
-- (up to and with today, or from it). first is in it, after is not. Error: filter_value_wrong.
create or replace function kernel_logic.days_within(said text, today date, out first date, out after date)
  language plpgsql stable set search_path = '' as $$
declare
  part text[] := regexp_match(lower(btrim(said)),
    '^(this|last|next) (?:(day|week|month|quarter|year)|([1-9][0-9]{0,3}) (day|week|month|year)s?)$');
  span interval;
  way integer := case part[1] when 'last' then -1 when 'next' then 1 else 0 end;
begin
  if said in ('today', 'yesterday', 'tomorrow') then
    first := today + case said when 'today' then 0 when 'yesterday' then -1 else 1 end;
    after := first + 1;
  elsif part[2] is not null then
    span := case part[2] when 'quarter' then interval '3 months' else ('1 ' || part[2])::interval end;
    first := date_trunc(part[2], today::timestamp + way * span);
    after := first + span;
  elsif part[3] is not null and way <> 0 then
    span := (part[3] || ' ' || part[4])::interval;
    first := case when way < 0 then today + 1 - span else today::timestamp end;
    after := case when way < 0 then today + 1 else today + span end;
  else
    perform kernel_logic.refuse('filter_value_wrong', jsonb_build_object('value', said,
      'why', 'a time such as today, this month, last 30 days or next week is expected'));
  end if;
end $$;

-- The values of a filter as literals of the column's type. Error: filter_value_wrong.
create or replace function kernel_logic.literals(base text, op text, value jsonb) returns text[]
  language plpgsql stable set search_path = '' as $$
declare
  many boolean := op in ('in', 'not_in', 'between');
  all_values jsonb := case when many then value else jsonb_build_array(value) end;
  why text;
begin
  why := case
    when op in ('is_null', 'not_null') then null
    when many and coalesce(jsonb_typeof(value), '') <> 'array' then 'a list of values is expected'
    when op = 'between' and jsonb_array_length(value) <> 2 then 'two values are expected, from and to'
    when value is null or jsonb_path_exists(all_values, '$[*] ? (@ == null)')
      then 'a value is expected; for what is empty use is_null'
    when jsonb_path_exists(all_values, '$[*] ? (@.type() == "object" || @.type() == "array")')
      then 'text, a number, yes or no is expected' end;
  if why is not null then
    perform kernel_logic.refuse('filter_value_wrong',
      jsonb_build_object('value', left(coalesce(value::text, ''), 100), 'why', why));
  end if;
  return array(select format('%L::%s', v, base) from jsonb_array_elements_text(
    case when jsonb_typeof(all_values) = 'array' then all_values else '[]' end) with ordinality as x(v, n)
    order by n);
end $$;

-- One comparison as SQL. Where nothing stands only is_null is true; letters compare without case in
-- contains, not_contains and starts. Errors: operator_unknown, operator_not_fitting, filter_value_wrong.
create or replace function kernel_logic.comparison(expression text, base text, said jsonb) returns text
  language plpgsql stable set search_path = '' as $$
declare
  op text := said->>1;
  value text := said->>2;
  given text[];
  d record;
begin
  if coalesce(op <> all(kernel_logic.operators('text') || array['has', 'within']), true) then
    perform kernel_logic.refuse('operator_unknown', jsonb_build_object('operator', coalesce(op, '')));
  elsif op <> all(kernel_logic.operators(base)) then
    perform kernel_logic.refuse('operator_not_fitting', jsonb_build_object('operator', op,
      'column', said->>0, 'operators', array_to_string(kernel_logic.operators(base), ', ')));
  end if;
  given := kernel_logic.literals(case op when 'within' then 'text' else base end, op, said->2);
  if op = 'within' then
    d := kernel_logic.days_within(value, (now() at time zone kernel_logic.my_time_zone())::date);
    return format('(%1$s >= %2$s and %1$s < %3$s)', expression,
      kernel_logic.start_of_day(d.first, base), kernel_logic.start_of_day(d.after, base));
  elsif base = 'timestamp with time zone' and op in ('=', '!=', '<', '<=', '>', '>=', 'between')
        and (select bool_and(v like '''____-__-__''::%') from unnest(given) v) then
    return kernel_logic.day_comparison(expression, op, case op when 'between' then said->2->>0 else value end,
                                       case op when 'between' then said->2->>1 else value end);
  end if;
  return case
    when op = 'between' then format('%s between %s and %s', expression, given[1], given[2])
    when op = 'in' then format('%s = any(array[%s]::%s[])', expression, array_to_string(given, ', '), base)
    -- What is empty is none of them by no list, also by one that holds nothing.
    when op = 'not_in' then format('(%1$s is not null and %1$s <> all(array[%2$s]::%3$s[]))', expression,
                                   array_to_string(given, ', '), base)
    when op = 'contains' then format('%s like %L', kernel_logic.lowered(expression), '%' || kernel_logic.like_text(value) || '%')
    when op = 'not_contains'
      then format('%s not like %L', kernel_logic.lowered(expression), '%' || kernel_logic.like_text(value) || '%')
    when op = 'starts' then format('%s like %L', kernel_logic.lowered(expression), kernel_logic.like_text(value) || '%')
    when op = 'has' and base = 'jsonb' then format('%s operator(pg_catalog.?) %L', expression, value)
    when op = 'has' then format('%L = any(%s)', value, expression)
    when op = 'is_null' then format('%s is null', expression)
    when op = 'not_null' then format('%s is not null', expression)
    else format('%s %s %s', expression, replace(op, '!=', '<>'), given[1]) end;
end $$;

create or replace function kernel_logic.start_of_day(day date, base text) returns text
  language sql stable set search_path = '' as $$
  select case base when 'date' then format('%L::date', day)
              else format('%L::timestamptz', day::timestamp at time zone kernel_logic.my_time_zone()) end
$$;

-- A moment against days: "until the 30th" holds all of the 30th.
create or replace function kernel_logic.day_comparison(
  expression text, op text, first_day text, last_day text) returns text
  language plpgsql stable set search_path = '' as $$
declare
  kind text := 'timestamp with time zone';
  starts text := kernel_logic.start_of_day(first_day::date, kind);
  ends text := kernel_logic.start_of_day(last_day::date + 1, kind);
begin
  return case op
    when '<' then format('%s < %s', expression, starts)
    when '>=' then format('%s >= %s', expression, starts)
    when '<=' then format('%s < %s', expression, ends)
    when '>' then format('%s >= %s', expression, ends)
    when '!=' then format('(%1$s < %2$s or %1$s >= %3$s)', expression, starts, ends)
    else format('(%1$s >= %2$s and %1$s < %3$s)', expression, starts, ends) end;
end $$;

-- A text as it is searched: in small letters by the simple rule, as like_text says what is sought,
-- whatever order the column has; that of the order would make another sigma at the end of a word.
create or replace function kernel_logic.lowered(expression text) returns text
  language sql immutable set search_path = '' as $$
  select format('lower((%s) collate "default")', expression)
$$;

create or replace function kernel_logic.like_text(typed text) returns text
  language sql immutable set search_path = '' as $$
  select replace(replace(replace(lower(typed), '\', '\\'), '%', '\%'), '_', '\_')
$$;

-- One condition of a filter over p. What is referred to is asked for by "in", under its policy, so
-- that the planner may begin at either end.
create or replace function kernel_logic.condition(listed regclass, said jsonb, hops integer default 0,
  as_caller boolean default false)
  returns text language plpgsql stable security definer set search_path = '' as $$
declare
  s record := kernel_logic.step_of(listed, said->>0);
  c record;
  rest jsonb;
  key text := kernel_logic.value_sql('p', s.named, 'uuid');
begin
  if s.target is null then
    c := kernel_logic.place_of(listed, said->>0);
    if as_caller and kernel_logic.is_kept_from_caller(listed, said->>0) then
      perform kernel_logic.refuse('column_unknown', jsonb_build_object('column', said->>0));
    end if;
    return kernel_logic.comparison(c.expression, c.base, said);
  elsif hops = 2 then
    perform kernel_logic.refuse('column_unknown', jsonb_build_object('column', said->>0));
  end if;
  rest := jsonb_set(said, '{0}', to_jsonb(s.rest));
  if said->>1 = 'is_null' then
    return format('(%1$s is null or %1$s not in (select p.id from %2$s p where %3$s))', key,
      kernel_logic.rows_of(s.target, as_caller),
      kernel_logic.condition(s.target, jsonb_set(rest, '{1}', '"not_null"'), hops + 1, as_caller));
  end if;
  return format('%s in (select p.id from %s p where %s)', key, kernel_logic.rows_of(s.target, as_caller),
    kernel_logic.condition(s.target, rest, hops + 1, as_caller));
end $$;

-- All conditions of a spec.
create or replace function kernel_logic.conditions(listed regclass, spec jsonb) returns text
  language sql stable security definer set search_path = '' as $$
  select coalesce(string_agg('(' || kernel_logic.condition(listed, f, 0, kernel_logic.is_view(listed)) || ')', ' and ' order by n), 'true')
    from jsonb_array_elements(coalesce(spec->'filter', '[]')) with ordinality as x(f, n)
$$;

-- The rows that others refer to and are found by: '<master.contact_point.party_id.normalised' is a
-- party by its phone. What looks like a phone number is sought by its digits, however it is written.
create or replace function kernel_logic.child_like(path text, typed text, capped text) returns text
  language plpgsql stable security definer set search_path = '' as $$
declare
  said text[] := string_to_array(substr(path, 2), '.');
  child regclass := format('%I.%I', said[1], said[2])::regclass;
  sought text := case when btrim(typed) ~ '^[-0-9+()./ ]{3,}$'
                      then regexp_replace(typed, '[^0-9+]', '', 'g') else btrim(typed) end;
begin
  return format('select p.%I from %s p where %s like %L%s', said[3], kernel_logic.rows_of(child),
    kernel_logic.lowered((kernel_logic.place_of(child, said[4])).expression),
    case when length(sought) >= 3 then '%' else '' end || kernel_logic.like_text(sought) || '%', capped);
end $$;

-- The rows that a search finds, over the columns that the table names and its searchable fields; three letters find anywhere,
-- fewer the start. Each column of a table brings its own candidates, for with "or" between them no
-- index is used; a view is asked once, since its rows cost more than the comparing. most: how many
-- candidates a column brings, where not all of them count.
create or replace function kernel_logic.search(
  listed regclass, wanted text, typed text, is_table boolean, most integer default null) returns text
  language plpgsql stable security definer set search_path = '' as $$
declare
  pattern text := case when length(btrim(typed)) >= 3 then '%' else '' end
                  || kernel_logic.like_text(btrim(typed)) || '%';
  columns jsonb := coalesce((select value from kernel.setting where setting.name = 'search:' || kernel_logic.name_of(listed)), '[]')
    || (select coalesce(jsonb_agg(c.name), '[]') from kernel_logic.custom_columns(listed) c
         where (c.field).searchable and c.base = 'text');
  capped text := coalesce(' limit ' || most, '');
  part text;
  parts text[] := '{}';
  path text;
  s record;
  other text;
begin
  for path in select jsonb_array_elements_text(columns) loop
    if path like '<%' then
      part := kernel_logic.child_like(path, typed, capped);
      parts := parts || case when is_table then format('(select p.id from %s p where %s and p.id in (%s)%s)',
        kernel_logic.rows_of(listed), wanted, part, capped) else format('p.id in (%s)', part) end;
      continue;
    end if;
    s := kernel_logic.step_of(listed, path);
    part := case when s.target is null
      then format('%s like %L', kernel_logic.lowered((kernel_logic.place_of(listed, path)).expression), pattern)
      else format('%s in (select p.id from %s p where %s like %L%s)', kernel_logic.value_sql('p', s.named, 'uuid'),
        kernel_logic.rows_of(s.target, not is_table), kernel_logic.lowered((kernel_logic.place_of(s.target, s.rest)).expression),
        pattern, capped) end;
    parts := parts || case when is_table then format('(select p.id from %s p where %s and %s%s)',
      kernel_logic.rows_of(listed), wanted, part, capped) else part end;
    other := kernel_logic.translated_like(coalesce(s.target, listed), coalesce(s.rest, path), pattern, capped);
    if other is not null then
      part := format('p.%I in (%s)', coalesce(s.named, 'id'), other);
      parts := parts || case when is_table then format('(select p.id from %s p where %s and %s%s)',
        kernel_logic.rows_of(listed), wanted, part, capped) else part end;
    end if;
  end loop;
  if parts = '{}' then
    perform kernel_logic.refuse('not_searchable');
  end if;
  return format('(select * from %s p where %s and %s%s)', kernel_logic.rows_of(listed), wanted,
    case when is_table then format('p.id in (%s)', array_to_string(parts, ' union all '))
         else format('(%s)', array_to_string(parts, ' or ')) end, capped);
end $$;

-- What a spec lists, before sorting: the rows that its filters and its search let through. capped:
-- a search brings a thousand and one candidates, which are then sorted, never the table.
create or replace function kernel_logic.found(listed regclass, spec jsonb, is_table boolean, capped boolean)
  returns text language plpgsql stable security definer set search_path = '' as $$
declare
  wanted text := kernel_logic.conditions(listed, spec);
begin
  if coalesce(btrim(spec->>'q'), '') <> '' then
    return kernel_logic.search(listed, wanted, spec->>'q', is_table, case when capped then 1001 end);
  end if;
  return format('(select * from %s p where %s)', kernel_logic.rows_of(listed), wanted);
end $$;
