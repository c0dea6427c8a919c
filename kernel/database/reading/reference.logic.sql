-- What can be said of a table's columns, and where the value of a column comes from. Everything here
-- is read from the catalogue: names that a caller says are looked up, never pasted.

-- A table's name as people write it: schema.table, without quotes.
create or replace function kernel_logic.name_of(named regclass) returns text
  language sql stable set search_path = '' as $$
  select c.relnamespace::regnamespace || '.' || c.relname from pg_catalog.pg_class c where c.oid = named
$$;

-- A table's or view's columns that the actor may see, then its custom fields and what other tables bring:
-- name, type, whether null can stand there.
create or replace function kernel_logic.listable(listed regclass)
  returns table (name text, type text, base text, nullable boolean)
  language sql stable security definer set search_path = '' as $$
  (select a.attname::text, format_type(a.atttypid, a.atttypmod),
         format_type(coalesce(nullif(t.typbasetype, 0), t.oid), null), not a.attnotnull
    from pg_catalog.pg_attribute a join pg_catalog.pg_type t on t.oid = a.atttypid
   where a.attrelid = listed and a.attnum > 0 and not a.attisdropped
     and (has_column_privilege('kontor_app', listed, a.attnum, 'select') or a.attname = 'custom'
          or exists (select from kernel.guarded_column g
                      where g.table_name = kernel_logic.name_of(listed) and g.column_name = a.attname
                        and kernel_logic.may(g.permission)))
   order by a.attnum)
   union all
  select c.name, c.type, c.base, true from kernel_logic.custom_columns(listed) c
   union all
  select b.name, 'brought', b.base, true from kernel_logic.brought(listed) b
$$;

-- What list() shows of a row that stands in another table's rows, which refer to it: a customer's phone.
-- child: that table; by: its column that refers; value: what is shown; wanted: which of its rows count;
-- first: the order in which the first of them is taken. Those rows stand under their own policy.
create or replace function kernel_logic.brings(listed text, name text, label text, child text, by text,
  value text, wanted text, first text) returns void
  language plpgsql set search_path = '' as $$
begin
  insert into kernel.setting as s values ('brings:' || listed, jsonb_build_object(name, jsonb_build_object(
    'label', label, 'child', child, 'by', by, 'value', value, 'wanted', wanted, 'first', first)))
  on conflict on constraint setting_pkey do update set value = s.value || excluded.value;
end $$;
revoke execute on function kernel_logic.brings from public;

create or replace function kernel_logic.brought(listed regclass)
  returns table (name text, base text, said jsonb)
  language sql stable security definer set search_path = '' as $$
  select b.key, format_type(coalesce(nullif(t.typbasetype, 0), t.oid), null), b.value
    from kernel.setting s cross join jsonb_each(s.value) b
    join pg_catalog.pg_attribute a on a.attrelid = (b.value->>'child')::regclass and a.attname = b.value->>'value'
    join pg_catalog.pg_type t on t.oid = a.atttypid
   where s.name = 'brings:' || kernel_logic.name_of(listed)
$$;

-- The value that such a column has in the row of an alias.
create or replace function kernel_logic.brought_sql(listed regclass, alias text, named text) returns text
  language sql stable security definer set search_path = '' as $$
  select format('(select c.%I from %s c where c.%I = %I.id and %s order by %s limit 1)', b.said->>'value',
           kernel_logic.rows_of((b.said->>'child')::regclass), b.said->>'by', alias, b.said->>'wanted', b.said->>'first')
    from kernel_logic.brought(listed) b where b.name = named
$$;

-- The table's own policies for a command, as one condition on its rows; false where it has none. r reads,
-- w changes, a adds. What a restrictive policy asks of the row that comes it doesn't ask of one that stands.
create or replace function kernel_logic.rule_of(listed regclass, command "char") returns text
  language sql stable security definer set search_path = '' as $$
  select '(' || coalesce(string_agg('(' || pg_get_expr(coalesce(polqual, polwithcheck), polrelid) || ')', ' or ')
                    filter (where polpermissive), 'false') || ')'
      || coalesce(' and ' || string_agg('(' || pg_get_expr(polqual, polrelid) || ')', ' and ')
                    filter (where not polpermissive), '')
    from pg_catalog.pg_policy
   where polrelid = listed and polcmd in (command, '*')
     and (select oid from pg_catalog.pg_roles where rolname = 'kontor_app') = any(polroles)
$$;

-- What to read from: a table under its policy, or a view, which runs as its caller; so does what is
-- joined to a view, and stands under its policy by itself.
create or replace function kernel_logic.rows_of(listed regclass, as_caller boolean default false) returns text
  language sql stable security definer set search_path = '' as $$
  select case when as_caller or c.relkind = 'v' then c.oid::regclass::text
              else format('(select * from %s where (%s))', c.oid::regclass, kernel_logic.rule_of(c.oid, 'r')) end
    from pg_catalog.pg_class c where c.oid = listed
$$;

-- Whether the actor may read a record or, where asked, change it; what never changes is changed by who
-- may add to its table, so that a posted document can have its paper. For tables of modules alone, and
-- not for what itself belongs to a record, such as a comment: a chain of those would be followed to its
-- end for each row that is read.
create or replace function kernel_logic.may_record(wanted text, record uuid, changing boolean) returns boolean
  language plpgsql stable security definer cost 1000 set search_path = '' as $$
declare
  listed regclass;
  rule text;
  allowed boolean;
begin
  if wanted !~ '^[a-z_]+\.[a-z_]+$' or kernel_logic.actor() is null then
    return false;
  end if;
  listed := to_regclass(wanted);
  if listed is null or not kernel_logic.has_column(listed, 'id')
     or not exists (select from kernel.module m where m.name = split_part(wanted, '.', 1))
     or not has_any_column_privilege('kontor_app', listed, 'select') then
    return false;
  end if;
  rule := kernel_logic.rule_of(listed, 'r');
  if rule like '%may_record(%' then
    return false;
  end if;
  if changing then
    rule := rule || ' and ' || kernel_logic.rule_of(listed,
      case when exists (select from pg_catalog.pg_policy where polrelid = listed and polcmd in ('w', '*')
                                                           and polpermissive)
           then 'w' else 'a' end::"char");
  end if;
  execute format('select exists (select from %s where id = $1 and %s)', listed, rule)
     into allowed using record;
  return allowed;
end $$;

-- What a row is called where another refers to it.
create or replace function kernel_logic.label_of(listed regclass) returns text
  language sql stable security definer set search_path = '' as $$
  select a.attname from pg_catalog.pg_attribute a
   where a.attrelid = listed and not a.attisdropped
     and a.attname = any(array['name', 'reference', 'number', 'code', 'username'])
     and has_column_privilege('kontor_app', listed, a.attnum, 'select')
   order by array_position(array['name', 'reference', 'number', 'code', 'username'], a.attname::text)
   limit 1
$$;

-- What a view's columns refer to, which no foreign key says. targets: column → table.
create or replace function kernel_logic.referring(listed text, targets jsonb) returns void
  language sql set search_path = '' as $$
  insert into kernel.setting values ('referring:' || listed, targets)
  on conflict (name) do update set value = excluded.value
$$;

-- The columns that refer to a row by its id, and to which table. A column that a foreign key ties to
-- one that isn't an id, such as a line's store to its head's, refers to what that one refers to.
create or replace function kernel_logic.references_of(listed regclass)
  returns table (name text, target regclass)
  language sql stable security definer set search_path = '' as $$
  with recursive walk as (
    select a.attname::text as name, listed::oid as rel, a.attnum as col, 0 as hops
      from pg_catalog.pg_attribute a where a.attrelid = listed and a.attnum > 0
    union
    select w.name, f.confrelid, pair.there, w.hops + 1
      from walk w join pg_catalog.pg_constraint f on f.conrelid = w.rel and f.contype = 'f'
     cross join lateral unnest(f.conkey, f.confkey) as pair(here, there)
     where pair.here = w.col and w.hops < 4
       and (w.hops = 0 or not exists (select from pg_catalog.pg_attribute i
             where i.attrelid = w.rel and i.attnum = w.col and i.attname = 'id')))
  (select distinct on (w.name) w.name, w.rel::regclass
    from walk w join pg_catalog.pg_attribute i
      on i.attrelid = w.rel and i.attnum = w.col and i.attname = 'id'
   where w.hops > 0
   order by w.name, w.rel = 'kernel.store_key'::regclass, w.hops, w.rel)
   union all
  select c.name, (c.field).refers_to::regclass from kernel_logic.custom_columns(listed) c
   where (c.field).type = 'reference'
   union all
  select t.key, t.value::regclass from kernel.setting s cross join jsonb_each_text(s.value) t
   where s.name = 'referring:' || kernel_logic.name_of(listed)
$$;

-- The first step of a path: the table that it leads to and what is left, or nothing where the path
-- is a column of the table itself.
create or replace function kernel_logic.step_of(listed regclass, path text,
  out named text, out target regclass, out rest text)
  language plpgsql stable security definer set search_path = '' as $$
begin
  named := substring(path from '^(?:custom[.])?[^.]*');
  if named = path then
    named := null;
    return;
  end if;
  rest := substr(path, length(named) + 2);
  select r.target into target
    from kernel_logic.references_of(listed) r join kernel_logic.listable(listed) l using (name)
   where r.name = named;
  if target is null then
    perform kernel_logic.refuse('column_unknown', jsonb_build_object('column', path));
  end if;
end $$;

-- Where a column's value comes from, the one place that knows it: the expression over p (the row) and
-- over what the joins bring, its type, whether it can be null. path: a column, or up to two
-- references and a column of the last, such as product_id.brand_id.name; every table on the way
-- stands under its own policy. Error: column_unknown.
create or replace function kernel_logic.place_of(listed regclass, path text,
  out expression text, out base text, out nullable boolean, out joins text[], out target regclass)
  language plpgsql stable security definer set search_path = '' as $$
declare
  at_table regclass := listed;
  alias text := 'p';
  left_over text := path;
  s record;
  c record;
  hops integer := 0;
begin
  joins := '{}';
  loop
    s := kernel_logic.step_of(at_table, left_over);
    exit when s.target is null;
    hops := hops + 1;
    joins := joins || kernel_logic.join_of(alias, s.named, s.target, kernel_logic.is_view(listed));
    alias := alias || '.' || s.named;
    at_table := s.target;
    left_over := s.rest;
  end loop;
  select * into c from kernel_logic.listable(at_table) l where l.name = left_over;
  if c.name is null or hops > 2 or kernel_logic.is_view(listed) and kernel_logic.is_kept_from_caller(at_table, c.name) then
    perform kernel_logic.refuse('column_unknown', jsonb_build_object('column', path));
  end if;
  expression := case when c.type = 'brought' then kernel_logic.brought_sql(at_table, kernel_logic.alias_of(alias), c.name)
                     else kernel_logic.value_sql(kernel_logic.alias_of(alias), c.name, c.base, at_table) end;
  base := c.base;
  nullable := c.nullable or hops > 0;
  select r.target into target from kernel_logic.references_of(at_table) r where r.name = c.name;
end $$;

-- Guarded columns and custom fields: only the door for lists reads them, and what is listed with a view
-- is read as its caller.
create or replace function kernel_logic.is_kept_from_caller(asked regclass, named text) returns boolean
  language sql stable set search_path = '' as $$
  select exists (select from pg_catalog.pg_attribute a
    where a.attrelid = asked and a.attname = split_part(named, '.', 1)
      and not has_column_privilege('kontor_app', asked, a.attnum, 'select'))
$$;

-- Whether that is a view.
create or replace function kernel_logic.is_view(asked regclass) returns boolean
  language sql stable set search_path = '' as $$
  select relkind = 'v' from pg_catalog.pg_class where oid = asked
$$;

-- A join that brings the visible row a column refers to; named by the way to it.
create or replace function kernel_logic.join_of(alias text, named text, target regclass, as_caller boolean) returns text
  language sql stable security definer set search_path = '' as $$
  select format('left join %s %I on %2$I.id = %s', kernel_logic.rows_of(target, as_caller),
    kernel_logic.alias_of(alias || '.' || named),
    kernel_logic.value_sql(kernel_logic.alias_of(alias), named, 'uuid'))
$$;

-- Names are cut at 63 bytes; a longer way is told apart by its hash.
create or replace function kernel_logic.alias_of(way text) returns text
  language sql immutable set search_path = '' as $$
  select case when length(way) < 60 then way else md5(way) end
$$;

-- Joins of several columns, each once, in the order in which they build on each other.
create or replace function kernel_logic.joined(joins text[]) returns text
  language sql immutable set search_path = '' as $$
  select coalesce(string_agg(' ' || j, '' order by place), '')
    from (select j, min(n) as place from unnest(joins) with ordinality as u(j, n) group by j) once
$$;

-- An exact number is answered as text, bytes as hexadecimal digits.
create or replace function kernel_logic.answered(expression text, base text) returns text
  language sql immutable set search_path = '' as $$
  select case when base in ('numeric', 'bigint', 'xid8') then expression || '::text'
              when base = 'bytea' then format('encode(%s, ''hex'')', expression)
              else expression end
$$;
