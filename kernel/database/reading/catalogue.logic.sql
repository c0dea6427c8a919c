-- What is known of tables: made lists, forms, filters, imports and types all come from here.

-- What a figure is that stands in no domain of ours, as in views: its name says it.
create or replace function kernel_logic.meant_by(named text) returns text
  language sql immutable set search_path = '' as $$
  select case when named ~ '_amount$' then 'money' when named ~ '_fraction$' then 'fraction' else 'number' end
$$;

create or replace function kernel_logic.columns_of(described regclass)
  returns table (name text, label text, help text, type text, required boolean, writable boolean,
                 has_default boolean, choices text[], refers_to text, sortable boolean, searchable boolean)
  language sql stable security definer set search_path = '' as $$
  with o as materialized (
    select kernel_logic.sortables(described) as sortables,
           (select value from kernel.setting s where s.name = 'search:' || kernel_logic.name_of(described)) as searched),
  reference as materialized (
    select r.name, kernel_logic.name_of(r.target) as refers_to from kernel_logic.references_of(described) r
     where r.target not in ('kernel.store_key'::regclass, 'kernel.currency_code'::regclass)),
  choice as materialized (
    select c.conkey[1] as attnum, array_agg(m[1] order by place) as choices
      from (select conkey, pg_get_constraintdef(oid) as said from pg_catalog.pg_constraint
             where conrelid = described and contype = 'c' and cardinality(conkey) = 1) c
     cross join lateral regexp_matches(c.said, '''([a-z_]+)''::text', 'g') with ordinality as r(m, place)
     where c.said like '%= ANY%' group by 1)
  (select l.name, split_part(coalesce(d.text, l.name), ' | ', 1), split_part(coalesce(d.text, ''), ' | ', 2),
         case l.type when 'kernel.money' then 'money' when 'kernel.quantity' then 'quantity'
           when 'kernel.fraction' then 'fraction' else case l.base when 'numeric' then kernel_logic.meant_by(l.name)
           when 'integer' then 'integer' when 'smallint' then 'integer' when 'bigint' then 'integer'
           when 'timestamp with time zone' then 'timestamp' when 'jsonb' then 'json'
           when 'text' then case when x.choices is null then 'text' else 'choice' end
           else l.base end end,
         not l.nullable and not a.atthasdef, 
         a.attgenerated = '' and a.attidentity = '' and l.name not in ('version', 'recorded_at', 'custom')
           -- A side table's row takes the id of what it adds to.
           and (l.name <> 'id' or k.refers_to is not null)
           and has_column_privilege('kontor_app', described, a.attnum, 'insert'),
         a.atthasdef, x.choices, k.refers_to, l.name = any(o.sortables),
         coalesce(o.searched ? l.name, false)
    from (select * from kernel_logic.listable(described) where name not like 'custom.%') l
    cross join o
    join pg_catalog.pg_attribute a on a.attrelid = described and a.attname = l.name
    cross join lateral (select pg_catalog.col_description(described, a.attnum) as text) d
    left join choice x on x.attnum = a.attnum
    left join reference k on k.name = l.name
   order by a.attnum)
   union all
  select c.name, (c.field).label, (c.field).help,
         case (c.field).type when 'reference' then 'uuid' else (c.field).type end, (c.field).required,
         has_column_privilege('kontor_app', described, 'custom', 'insert'), false, (c.field).choices,
         (c.field).refers_to, c.name = any(o.sortables),
         (c.field).searchable and c.base = 'text'
    from kernel_logic.custom_columns(described) c cross join o
   union all
  select b.name, b.said->>'label', '', b.base, false, false, false, null, null, false, false
    from kernel_logic.brought(described) b
$$;

-- Whether the feed of changes tells of a table.
create or replace function kernel_logic.is_told(asked regclass) returns boolean
  language sql stable set search_path = '' as $$
  select exists (select from pg_catalog.pg_trigger t join pg_catalog.pg_proc p on p.oid = t.tgfoid
                  where t.tgrelid = asked and p.pronamespace = 'kernel_logic'::regnamespace
                    and p.proname in ('tell', 'tell_in_store', 'tell_once'))
$$;

-- The tables and views that the actor may read, with their columns.
create or replace function kernel_logic.catalogue(token text) returns jsonb
  language plpgsql security definer set search_path = '' as $$
begin
  perform kernel_logic.set_actor(token);
  return (with may as materialized (select p.permission, kernel_logic.may(p.permission) as it
                    from (select distinct permission from kernel.operation) p),
  allowed as materialized (
    select substring(o.name from '^(.*)[.][^.]*$') as table_name,
           array_agg(substring(o.name from '[^.]*$')) as verbs
      from kernel.operation o join may using (permission) where may.it group by 1)
    select coalesce(jsonb_agg(jsonb_build_object(
      'name', kernel_logic.name_of(c.oid), 'module', n.nspname, 'table', c.relname,
      'label', split_part(coalesce(obj_description(c.oid, 'pg_class'), c.relname), ' | ', 1),
      'help', split_part(coalesce(obj_description(c.oid, 'pg_class'), ''), ' | ', 2),
      'title', kernel_logic.label_of(c.oid), 'default_sort', s.sort,
      'translated', coalesce((select t.value->'columns' from kernel.setting t
         where t.name = 'translated:' || kernel_logic.name_of(c.oid) and 'translated:' || (t.value->>'of') = t.name), '[]'),
      'takes_fields', kernel_logic.has_column(c.oid, 'custom'), 'told', kernel_logic.is_told(c.oid),
      'may', jsonb_build_object('create', 'create' = any(coalesce(o.verbs, '{}')),
         'change', 'change' = any(coalesce(o.verbs, '{}')),
         'archive', 'archive' = any(coalesce(o.verbs, '{}')) and kernel_logic.has_column(c.oid, 'is_active')),
      'columns', (select jsonb_agg(to_jsonb(k)) from kernel_logic.columns_of(c.oid) k))
      order by n.nspname, c.relname), '[]')
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    join kernel.module m on m.name = n.nspname
    left join allowed o on o.table_name = n.nspname || '.' || c.relname
    cross join lateral (select coalesce((select w.sort
        from unnest(array['-happened_at', '-business_on', '-ordered_on', '-posted_on', '-opened_at', 'name', 'number'])
             with ordinality as w(sort, place)
       where ltrim(w.sort, '-') = any(kernel_logic.sortables(c.oid)) order by w.place limit 1), 'id') as sort) s
   where c.relkind in ('r', 'v') and has_any_column_privilege('kontor_app', c.oid, 'select')
     and kernel_logic.is_open_to_me(c.oid));
end $$;

-- Whether a table's reading policies ask a permission that the actor has in some store.
create or replace function kernel_logic.is_open_to_me(asked oid) returns boolean
  language plpgsql stable security definer set search_path = '' as $$
declare
  needed text[] := (select array_agg(m[1]) from regexp_matches(
    kernel_logic.rule_of(asked::regclass, 'r'), '(?:may|may_everywhere|my_stores)\(''([a-z_.]+)''', 'g') as r(m));
begin
  if (select relkind from pg_catalog.pg_class where oid = asked) = 'v' then
    return has_table_privilege('kontor_app', asked, 'select');
  end if;
  return needed is null or exists (select from unnest(needed) p where kernel_logic.may(p));
end $$;

-- Of these tables and views the ones that the actor may read some rows of.
create or replace function kernel_logic.open_to_me(token text, asked text[]) returns text[]
  language plpgsql security definer set search_path = '' as $$
begin
  perform kernel_logic.set_actor(token);
  return (select coalesce(array_agg(name), '{}') from unnest(asked) name
           where kernel_logic.is_open_to_me(to_regclass(name)));
end $$;
grant execute on function kernel_logic.open_to_me(text, text[]) to kontor_app;
