-- Custom fields: what one may be, what a row may hold, and the index of a field that is searched.

select kernel_logic.track('kernel.custom_field');
-- Who may not see a field's values doesn't see that there is such a field.
select kernel_logic.bind_by('kernel.custom_field',
  '(select kernel_logic.may(''kernel.administer'')) or (select kernel_logic.actor()) is not null
   and (permission is null or kernel_logic.may(permission))',
  '(select kernel_logic.may(''kernel.administer''))', true);
select kernel_logic.readable('kernel.custom_field');
grant insert on kernel.custom_field to kontor_app;
grant update (name, label, help, type, choices, refers_to, required, permission, searchable, position, is_active)
  on kernel.custom_field to kontor_app;
select kernel_logic.searchable('kernel.custom_field', array['name', 'label']);

-- The most fields that a table takes, those that were archived with them.
create or replace function kernel_logic.most_custom_fields() returns integer
  language sql immutable set search_path = '' as $$ select 50 $$;

-- Whether any row holds a value under that name.
create or replace function kernel_logic.custom_is_used(of_table text, named text) returns boolean
  language plpgsql security definer set search_path = '' as $$
declare
  used boolean;
begin
  execute format('select exists (select from %s where custom operator(pg_catalog.?) $1)', of_table::regclass)
     into used using named;
  return used;
end $$;
revoke execute on function kernel_logic.custom_is_used from public;

-- A field is of a table that takes some, leads to what there is, and stays what it is once a row has
-- a value. Errors: custom_not_here, too_many_fields, custom_wrong, custom_is_fixed.
create or replace function kernel_logic.check_custom_field() returns trigger
  language plpgsql security definer set search_path = '' set lock_timeout = '2s' as $$
declare
  kept regclass := to_regclass(new.table_name);
begin
  if kept is null or kernel_logic.name_of(kept) <> new.table_name
     or not exists (select from pg_catalog.pg_trigger where tgrelid = kept and tgname = 'check_custom') then
    perform kernel_logic.refuse('custom_not_here', jsonb_build_object('table', new.table_name));
  elsif tg_op = 'UPDATE' and new.table_name <> old.table_name then
    perform kernel_logic.refuse('custom_is_fixed', jsonb_build_object('label', old.label));
  elsif tg_op = 'INSERT' then
    -- Two at once would each see room for one more.
    perform pg_advisory_xact_lock(7072, hashtext(new.table_name));
    if (select count(*) from kernel.custom_field where table_name = new.table_name)
       >= kernel_logic.most_custom_fields() then
      perform kernel_logic.refuse('too_many_fields', jsonb_build_object('table', new.table_name,
        'limit', kernel_logic.most_custom_fields()));
    end if;
  elsif (new.name, new.type, coalesce(new.refers_to, '')) <> (old.name, old.type, coalesce(old.refers_to, '')) then
    -- Who writes a value just now is waited for, and then there is one.
    execute format('lock table %s in share row exclusive mode', kept);
    if kernel_logic.custom_is_used(old.table_name, old.name) then
      perform kernel_logic.refuse('custom_is_fixed', jsonb_build_object('label', old.label));
    end if;
  end if;
  if exists (select from unnest(new.choices) c
              where c is null or c <> btrim(c) or length(c) not between 1 and 60 or c ~ '[[:cntrl:]]')
     or cardinality(new.choices) > (select count(distinct c) from unnest(new.choices) c) then
    perform kernel_logic.refuse('custom_wrong', jsonb_build_object('field', 'choices',
      'why', 'each choice is there once, of 1 to 60 letters'));
  elsif new.refers_to is not null and not kernel_logic.may_be_referred_to(new.refers_to) then
    perform kernel_logic.refuse('custom_wrong', jsonb_build_object('field', 'refers_to',
      'why', 'choose a table whose rows have a name or number'));
  elsif new.permission is not null
        and not exists (select from identity.permission p where p.name = new.permission) then
    perform kernel_logic.refuse('custom_wrong', jsonb_build_object('field', 'permission',
      'why', 'there is no such permission'));
  elsif new.required and new.permission is not null then
    perform kernel_logic.refuse('custom_wrong', jsonb_build_object('field', 'required',
      'why', 'a field that not everybody sees can’t be needed of everybody'));
  end if;
  if tg_op = 'UPDATE' and old.permission is null and new.permission is not null then
    perform kernel_logic.keep_past_apart(new.table_name, array['custom.' || new.name]);
  end if;
  return new;
end $$;
create or replace trigger check_custom_field before insert or update on kernel.custom_field
  for each row execute function kernel_logic.check_custom_field();

-- A table of modules whose rows are named by an id and seen by a label.
create or replace function kernel_logic.may_be_referred_to(named text) returns boolean
  language sql stable security definer set search_path = '' as $$
  select exists (select from pg_catalog.pg_class c
                   join kernel.module m on m.name = c.relnamespace::regnamespace::text
                   join pg_catalog.pg_attribute i on i.attrelid = c.oid and i.attname = 'id'
                    and i.atttypid = 'uuid'::regtype
                  where c.oid = to_regclass(named) and c.relkind = 'r' and kernel_logic.name_of(c.oid) = named
                    and kernel_logic.label_of(c.oid) is not null)
$$;

-- A value as it is kept: numbers and booleans as JSON's own, days and ids as text. given: the value as
-- JSON or as text. Error: custom_wrong.
create or replace function kernel_logic.custom_value(f kernel.custom_field, given jsonb) returns jsonb
  language plpgsql stable security definer set search_path = '' as $$
declare
  said text := given #>> '{}';
  why text;
  there boolean;
begin
  if jsonb_typeof(given) in ('object', 'array') then
    why := 'one value is expected';
  elsif f.type = 'text' then
    why := case when length(said) > 500 then 'use at most 500 characters' end;
  elsif f.type = 'choice' then
    why := case when said <> all(f.choices) then 'choose one of: {choices}' end;
  elsif f.type = 'boolean' then
    why := case when said not in ('true', 'false') then 'yes or no is expected' end;
  elsif f.type = 'date' then
    why := case when said !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' or not pg_input_is_valid(said, 'date')
                then 'a date such as 2026-11-21 is expected' end;
  elsif f.type = 'reference' then
    if pg_input_is_valid(said, 'uuid') then
      execute format('select exists (select from %s where id = $1)', f.refers_to::regclass)
         into there using said::uuid;
    end if;
    why := case when there is not true then 'it refers to something that isn’t here' end;
  else
    why := case
      when said !~ '^-?[0-9]{1,30}([.][0-9]{1,10})?$' then 'a number is expected'
      when f.type = 'money' and not pg_input_is_valid(said, 'kernel.money')
        then 'an amount with at most 4 decimals is expected'
      when f.type = 'quantity' and not pg_input_is_valid(said, 'kernel.quantity')
        then 'a quantity with at most 6 decimals is expected' end;
  end if;
  if why is not null then
    perform kernel_logic.refuse('custom_wrong', jsonb_strip_nulls(jsonb_build_object(
      'field', 'custom.' || f.name, 'label', f.label, 'why', '{label}: {asked}', 'asked', why,
      'choices', array_to_string(f.choices, ', '))));
  end if;
  return case when f.type = 'boolean' then to_jsonb(said::boolean)
              when f.type in ('number', 'quantity', 'money') then to_jsonb(said::numeric)
              when f.type = 'reference' then to_jsonb(said::uuid) else to_jsonb(said) end;
end $$;
revoke execute on function kernel_logic.custom_value from public;

-- Writing custom names the fields that change, null empties one; what isn't named stays, for who
-- writes need not see all of it. Errors: custom_unknown, custom_wrong, custom_missing.
create or replace function kernel_logic.check_custom() returns trigger
  language plpgsql security definer set search_path = '' as $$
declare
  kept jsonb := case tg_op when 'UPDATE' then old.custom else '{}' end;
  given record;
  f kernel.custom_field;
begin
  if jsonb_typeof(new.custom) <> 'object' then
    perform kernel_logic.refuse('custom_wrong', jsonb_build_object('field', 'custom',
      'why', 'fields by their names are expected'));
  end if;
  for given in select e.key, e.value from jsonb_each(new.custom) e
                where e.value is distinct from coalesce(kept->e.key, 'null') loop
    select * into f from kernel.custom_field c
     where c.table_name = tg_argv[0] and c.name = given.key and c.is_active
       and (c.permission is null or kernel_logic.actor() is null or kernel_logic.may(c.permission));
    if not found then
      perform kernel_logic.refuse('custom_unknown',
        jsonb_build_object('field', 'custom.' || given.key, 'table', tg_argv[0]));
    end if;
    kept := case when given.value = 'null' or given.value = '""' then kept - given.key
                 else kept || jsonb_build_object(given.key, kernel_logic.custom_value(f, given.value)) end;
  end loop;
  new.custom := kept;
  if tg_op = 'UPDATE' then
    perform kernel_logic.demand_custom(tg_argv[0], kept);
  end if;
  return new;
end $$;

-- Error: custom_missing, where a needed field has no value.
create or replace function kernel_logic.demand_custom(of_table text, kept jsonb) returns void
  language plpgsql stable security definer set search_path = '' as $$
declare
  f kernel.custom_field;
begin
  select * into f from kernel.custom_field c
   where c.table_name = of_table and c.required and c.is_active and not kept ? c.name
   order by c.position, c.id limit 1;
  if found then
    perform kernel_logic.refuse('custom_missing',
      jsonb_build_object('field', 'custom.' || f.name, 'label', f.label));
  end if;
end $$;
revoke execute on function kernel_logic.demand_custom from public;

-- Asked once a statement, so that rows without custom fields cost nothing each.
create or replace function kernel_logic.check_custom_added() returns trigger
  language plpgsql security definer set search_path = '' as $$
declare
  short jsonb;
begin
  if exists (select from kernel.custom_field where table_name = tg_argv[0] and required and is_active) then
    select a.custom into short from added a
     where exists (select from kernel.custom_field c where c.table_name = tg_argv[0] and c.required
                                                       and c.is_active and not a.custom ? c.name) limit 1;
    if found then
      perform kernel_logic.demand_custom(tg_argv[0], short);
    end if;
  end if;
  return null;
end $$;

-- A row as the trail and a merge see it: each custom field for itself. fields: also those that only
-- another state of the row has, as null.
create or replace function kernel_logic.flat(whole jsonb, fields jsonb default '{}') returns jsonb
  language sql immutable set search_path = '' as $$
  select case when coalesce(nullif(whole->'custom', '{}'), nullif(fields, '{}')) is null then whole - 'custom'
    else (whole - 'custom') || (select jsonb_object_agg('custom.' || k, coalesce(whole->'custom'->k, 'null'))
           from jsonb_object_keys(coalesce(fields, '{}') || coalesce(whole->'custom', '{}')) k) end
$$;

-- The same as a row takes it.
create or replace function kernel_logic.unflat(fields jsonb) returns jsonb
  language sql immutable set search_path = '' as $$
  select fields || coalesce((select jsonb_build_object('custom', jsonb_object_agg(substr(key, 8), value))
    from jsonb_each(fields) where key like 'custom.%' having count(*) > 0), '{}')
$$;

-- The type of a field's values in SQL.
create or replace function kernel_logic.custom_base(type text) returns text
  language sql immutable set search_path = '' as $$
  select case type when 'reference' then 'uuid' when 'date' then 'date' when 'boolean' then 'boolean'
              when 'text' then 'text' when 'choice' then 'text' else 'numeric' end
$$;

-- Every field of a table that the actor may see, as columns.
create or replace function kernel_logic.custom_columns(listed regclass)
  returns table (name text, type text, base text, field kernel.custom_field)
  language sql stable security definer set search_path = '' as $$
  select 'custom.' || f.name, case when f.type in ('money', 'quantity') then 'kernel.' || f.type
                                   else kernel_logic.custom_base(f.type) end, kernel_logic.custom_base(f.type), f
    from kernel.custom_field f
   where f.table_name = kernel_logic.name_of(listed) and f.is_active
     and (f.permission is null or kernel_logic.may(f.permission))
   order by f.position, f.id
$$;

-- The fields of a table that the actor doesn't see: archived ones, and those of others' permissions.
create or replace function kernel_logic.custom_hidden(listed regclass) returns text[]
  language sql stable security definer set search_path = '' as $$
  select array(select f.name from kernel.custom_field f
                where f.table_name = kernel_logic.name_of(listed)
                  and not (f.is_active and (f.permission is null or kernel_logic.may(f.permission))))
$$;

-- Where a column's value stands in a row: a column of its own, or a value in custom, which as a whole
-- holds what the actor may see. listed: whose column it is, where that may be custom itself.
create or replace function kernel_logic.value_sql(alias text, named text, base text,
  listed regclass default null) returns text
  language sql stable set search_path = '' as $$
  select case when named = 'custom'
      then format('(%I.custom - %L::text[])', alias, kernel_logic.custom_hidden(listed))
    when named not like 'custom.%' then format('%I.%I', alias, named)
    else format(case base when 'text' then '(%I.custom->>%L)' when 'date' then 'kernel.day(%I.custom->>%L)'
                          else '(%I.custom->>%L)::' || base end, alias, substr(named, 8)) end
$$;

-- The index of a field: sorts, and in text finds letters anywhere.
create or replace function kernel_logic.custom_index(field_id uuid, part text) returns text
  language sql immutable set search_path = '' as $$
  select 'custom_' || replace(field_id::text, '-', '') || '_' || part
$$;
create or replace function kernel_logic.custom_is_indexed(listed regclass, named text) returns boolean
  language sql stable security definer set search_path = '' as $$
  select exists (select from kernel.custom_field f
    join pg_catalog.pg_class c on c.relname = kernel_logic.custom_index(f.id, 'order')
    join pg_catalog.pg_index i on i.indexrelid = c.oid and i.indrelid = listed and i.indisvalid
   where f.table_name = kernel_logic.name_of(listed) and 'custom.' || f.name = named and f.searchable)
$$;

-- Makes what a field needs to be searched, or takes it away. Who reads the table, or refers to it as a
-- sale does, isn't kept waiting; who changes it waits while an index is made.
create or replace function kernel_logic.make_custom_index(f kernel.custom_field) returns void
  language plpgsql security definer set search_path = '' set lock_timeout = '2s' as $$
declare
  schema text := split_part(f.table_name, '.', 1);
  base text := kernel_logic.custom_base(f.type);
  expression text := replace(kernel_logic.value_sql('p', 'custom.' || f.name, base), 'p.custom', 'custom');
begin
  if not f.searchable then
    execute format('drop index if exists %I.%I, %1$I.%3$I', schema, kernel_logic.custom_index(f.id, 'order'),
                   kernel_logic.custom_index(f.id, 'letters'));
    return;
  end if;
  execute format('create index if not exists %I on %s ((%s), id)', kernel_logic.custom_index(f.id, 'order'),
                 f.table_name::regclass, expression);
  if base = 'text' then
    execute format('create index if not exists %I on %s using gin (lower(%s) extension.gin_trgm_ops)',
      kernel_logic.custom_index(f.id, 'letters'), f.table_name::regclass, expression);
  end if;
end $$;
revoke execute on function kernel_logic.make_custom_index from public;

-- The same for one field, asked by a job of who may add fields. Error: not_permitted.
create or replace function kernel_logic.index_custom_field(field_id uuid) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  f kernel.custom_field;
begin
  perform kernel_logic.check_may('kernel.administer');
  select * into f from kernel.custom_field where id = field_id;
  if found then
    perform kernel_logic.make_custom_index(f);
  end if;
end $$;

-- All that are missing, where rows came from elsewhere; called by deploy alone.
create or replace function kernel_logic.index_custom_fields() returns void
  language sql security definer set search_path = '' as $$
  select kernel_logic.make_custom_index(f) from kernel.custom_field f
   where f.searchable and not kernel_logic.custom_is_indexed(f.table_name::regclass, 'custom.' || f.name)
$$;
revoke execute on function kernel_logic.index_custom_fields from public;

-- Changes with every deploy, with every field that is added or changed, with every index that one of
-- them got since, and with what the shop calls its roles; anyone may know.
create or replace function kernel_logic.catalogue_stamp() returns text
  language sql stable security definer set search_path = '' as $$
  select count(*) || '.' || coalesce(sum(version), 0) || '.'
      || coalesce((select md5(value::text) from kernel.setting where name = 'deployed'), '') || '.'
      || (select count(*) from pg_catalog.pg_class c join pg_catalog.pg_index i on i.indexrelid = c.oid
           where c.relname like 'custom\_%' and i.indisvalid) || '.' || md5(kernel_logic.own_roles()::text)
    from kernel.custom_field
$$;

-- As the program before this one asks for it.
create or replace function kernel_logic.custom_stamp() returns text
  language sql stable security definer set search_path = '' as $$ select kernel_logic.catalogue_stamp() $$;

comment on constraint choices_are_of_a_choice on kernel.custom_field is 'a choice has choices, and no other type has';
comment on constraint reference_leads_somewhere on kernel.custom_field is 'a reference names a table, and no other type does';
comment on constraint required_is_seen_by_all on kernel.custom_field is 'a field that not everybody sees can’t be needed of everybody';
comment on constraint custom_field_name_check on kernel.custom_field is 'use small letters, digits and _, at most 40, a letter first';
comment on constraint custom_field_label_check on kernel.custom_field is 'use 1 to 60 characters on one line, without |';
comment on constraint custom_field_help_check on kernel.custom_field is 'use at most 300 characters on one line, without |';
