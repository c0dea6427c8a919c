-- Takes back an import as a whole: removes what it made, puts back what it changed, and only where
-- nothing has used or changed these rows since.

-- How a table goes with an undo whose rows are neither removed nor put back one by one. owner: the
-- column that names the row which it belongs to. None: it is kept from other rows, or stays as it is. undoes: a function (request, tried) of a
-- module that answers what stands in the way and, where it isn't only tried, takes back what was posted.
create or replace function kernel_logic.undone_with(
  undone text, owner text default null, undoes text default null)
  returns void language sql set search_path = '' as $$
  insert into kernel.setting values ('undo:' || undone, jsonb_build_object('owner', owner, 'undoes', undoes))
  on conflict (name) do update set value = excluded.value
$$;

-- What an undo does to rows that are brought into a table: removes them, takes back what they posted
-- by an opposite posting, or can do nothing.
create or replace function kernel_logic.undo_of(brought text) returns text
  language sql stable security definer set search_path = '' as $$
  select case when exists (select from kernel.setting where name = 'undo:' || brought and value->>'owner' is null)
              then 'reversed'
              when exists (select from pg_catalog.pg_trigger where tgrelid = to_regclass(brought) and tgname = 'trail_insert')
              then 'removed' else 'never' end
$$;

-- Who imported, when and under which request the database says itself.
create or replace function kernel_logic.stamp_import() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  new.imported_at := now();
  new.imported_by := coalesce(kernel_logic.actor(), new.imported_by);
  new.request_id := kernel_logic.request();
  new.state := 'done';
  new.undone_at := null;
  new.undone_by := null;
  return new;
end $$;
create or replace trigger a_stamp before insert on kernel.import_batch
  for each row execute function kernel_logic.stamp_import();

create or replace function kernel_logic.keep_former_source() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  insert into kernel.former_source_row
  select a.batch_id, o.source, o.table_name, o.key, o.hash, o.batch_id
    from was o join added a using (source, table_name, key) where a.batch_id <> o.batch_id
  on conflict do nothing;
  return null;
end $$;
create or replace trigger keep_former after update on kernel.source_row
  referencing old table as was new table as added
  for each statement execute function kernel_logic.keep_former_source();

-- Takes back an import; with "preview" only says what it would do and what stands in the way.
-- Errors: not_permitted, not_found, import_is_undone, import_too_old, import_is_posted, import_in_use.
create or replace function kernel_logic.undo_import(input jsonb) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  tried boolean := coalesce((input->>'preview')::boolean, false);
  b kernel.import_batch;
  told jsonb;
  counted integer;
begin
  -- Not in one store alone: what an import brought lies in all of them.
  perform kernel_logic.check_may('kernel.undo_import', everywhere => true);
  -- An import under way may be about to use these rows.
  perform pg_advisory_xact_lock(7071);
  select * into b from kernel.import_batch where id = (input->>'id')::uuid for update;
  if b.id is null then
    perform kernel_logic.refuse('not_found');
  elsif b.state = 'undone' then
    perform kernel_logic.refuse('import_is_undone');
  elsif b.request_id is null then
    perform kernel_logic.refuse('import_too_old');
  elsif jsonb_path_exists(b.files, '$[*] ? (@.created > 0)') and exists (
      select from jsonb_path_query(b.files, '$[*] ? (@.created > 0).table') t
       where kernel_logic.undo_of(t #>> '{}') = 'never') then
    perform kernel_logic.refuse('import_is_posted');
  end if;
  insert into kernel.undo_row (batch_id, table_name, row_id, is_made)
  select b.id, c.table_name, c.row_id, bool_or(c.verb = 'insert') from audit.change c
   where c.request_id = b.request_id and c.table_name not in ('kernel.import_batch', 'kernel.finding')
   group by 2, 3;
  -- Such as a till's session or who has a role: by hand these can stand under one request with an import.
  if exists (select from (select distinct table_name, is_made from kernel.undo_row where batch_id = b.id) u
              where not exists (select from kernel.setting where name = 'undo:' || u.table_name)
                and not has_any_column_privilege('kontor_app', u.table_name,
                                                 case when u.is_made then 'insert' else 'update' end)) then
    perform kernel_logic.refuse('import_is_posted');
  end if;
  -- Without it a plan for a handful of rows would be taken for a hundred thousand.
  analyze kernel.undo_row;
  perform kernel_logic.lock_undone(b.id);
  told := kernel_logic.undo_told(b);
  if tried then
    delete from kernel.undo_row where batch_id = b.id;
    return told || '{"preview": true}';
  end if;
  counted := jsonb_array_length(told->'in_the_way');
  if counted > 0 then
    perform kernel_logic.refuse('import_in_use', told);
  end if;
  perform kernel_logic.undo_posted(b.request_id, false);
  perform kernel_logic.put_back(b);
  perform kernel_logic.remove_made(b);
  perform kernel_logic.forget_sources(b.id);
  update kernel.import_batch set state = 'undone', undone_at = now(), undone_by = kernel_logic.actor()
   where id = b.id;
  return told || '{"done": true}';
end $$;

-- Whoever would change or refer to these rows waits, and sees what became of them.
create or replace function kernel_logic.lock_undone(batch uuid) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  named text;
begin
  for named in select distinct table_name from kernel.undo_row where batch_id = batch order by 1 loop
    execute format('select count(*) from (select from %s t join kernel.undo_row u on u.row_id = t.id
      where u.batch_id = $1 and u.table_name = $2 order by t.id for update of t) locked', named) using batch, named;
  end loop;
end $$;
revoke execute on function kernel_logic.lock_undone from public;

-- What it would do, and the first fifty rows that stand in the way, with how many there are.
create or replace function kernel_logic.undo_told(b kernel.import_batch) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  found jsonb := kernel_logic.changed_since(b) || kernel_logic.used_since(b) || kernel_logic.undo_posted(b.request_id, true);
begin
  perform kernel_logic.keep_above(b.id);
  return (select jsonb_build_object('count', jsonb_array_length(found),
      'in_the_way', (select coalesce(jsonb_agg(kernel_logic.with_label(x)), '[]')
                       from jsonb_path_query(found, '$[0 to 49]') x),
      'removed', count(*) filter (where u.is_made and not u.is_kept),
      'kept', count(*) filter (where u.is_made and u.is_kept),
      'restored', count(*) filter (where not u.is_made))
    from kernel.undo_row u where u.batch_id = b.id and not exists (
      select from kernel.setting where name = 'undo:' || u.table_name));
end $$;
revoke execute on function kernel_logic.undo_told from public;

create or replace function kernel_logic.with_label(way jsonb) returns jsonb
  language plpgsql stable security definer set search_path = '' as $$
declare
  called text := kernel_logic.label_of((way->>'table')::regclass);
  label text;
begin
  if called is not null and way->>'label' is null then
    execute format('select %I::text from %s where id = $1', called, way->>'table')
      into label using (way->>'id')::uuid;
  end if;
  return way || jsonb_build_object('label', coalesce(way->>'label', label, ''));
end $$;
revoke execute on function kernel_logic.with_label from public;

-- Rows that somebody else changed after the import, or whose former content nobody can read any more.
create or replace function kernel_logic.changed_since(b kernel.import_batch) returns jsonb
  language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(distinct jsonb_build_object('table', u.table_name, 'id', u.row_id, 'why', w.why,
           'by', w.by, 'at', w.at)), '[]')
    from kernel.undo_row u
   cross join lateral (
     (select 'changed' as why, coalesce(p.name, '') as by, r.made_at as at from audit.change c
        join audit.request r on r.id = c.request_id left join identity.user p on p.id = r.actor_id
       where c.table_name = u.table_name and c.row_id = u.row_id and c.request_id <> b.request_id
         and c.id > (select min(o.id) from audit.change o where o.table_name = u.table_name
                        and o.row_id = u.row_id and o.request_id = b.request_id)
       order by c.id desc limit 1)
     union all
     (select 'erased', '', null::timestamptz from audit.change c
       where c.table_name = u.table_name and c.row_id = u.row_id and c.request_id = b.request_id
         and c.sealed is not null and not u.is_made
         and not exists (select from audit.party_key k where k.party_id = c.party_id) limit 1)) w
   where u.batch_id = b.id and not exists (select from kernel.setting where name = 'undo:' || u.table_name)
$$;
revoke execute on function kernel_logic.changed_since from public;

-- Rows that refer to what was made: those of the import itself go with it, or where they are posted
-- keep what they name, and what it changed names again what it did before; any other stands in the way.
create or replace function kernel_logic.used_since(b kernel.import_batch) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  k record;
  of_table text;
  part jsonb;
  found jsonb := '[]';
begin
  for k in select * from kernel_logic.ties_of_made(b.id) loop
    of_table := case when k.made_table is null then 'true' else format('u.table_name = %L', k.made_table) end;
    execute format('select coalesce(jsonb_agg(jsonb_build_object(''table'', %1$L::text, ''id'', to_jsonb(x)->>''id'', ''why'', ''uses'',
        ''uses_table'', u.table_name, ''uses'', u.row_id)), ''[]'')
      from %1$s x join kernel.undo_row u on u.row_id = x.%2$I and u.batch_id = $1 and u.is_made and %4$s
     where not (%3$s)', k.user_table, k.user_column, k.is_ours, of_table)
      into part using b.id, b.request_id;
    found := found || part;
    if k.keeps then
      execute format('update kernel.undo_row u set is_kept = true from %s x
        where u.row_id = x.%I and u.batch_id = $1 and u.is_made and not u.is_kept and %s and (%s)',
        k.user_table, k.user_column, of_table, k.is_ours) using b.id, b.request_id;
    end if;
  end loop;
  -- A custom field refers by no key of the database.
  for k in select f.table_name, f.name, f.refers_to from kernel.custom_field f
            where f.type = 'reference' and f.refers_to in (
              select distinct table_name from kernel.undo_row where batch_id = b.id and is_made) loop
    execute format('select coalesce(jsonb_agg(jsonb_build_object(''table'', %1$L::text, ''id'', x.id, ''why'', ''uses'',
        ''uses_table'', u.table_name, ''uses'', u.row_id)), ''[]'')
      from %1$s x join kernel.undo_row u on u.row_id = (x.custom->>%2$L)::uuid and u.batch_id = $1
                                        and u.is_made and u.table_name = %3$L
     where not exists (select from kernel.undo_row o
                        where o.batch_id = $1 and o.table_name = %1$L and o.row_id = x.id)',
      k.table_name, k.name, k.refers_to) into part using b.id;
    found := found || part;
  end loop;
  select found || coalesce(jsonb_agg(jsonb_build_object('table', l.table_name, 'id', l.row_id, 'why', l.why)), '[]')
    into found
    from (select table_name, row_id, 'commented' as why from comments.comment
          union select table_name, row_id, 'has_files' from files.attachment) l
    join kernel.undo_row u using (table_name, row_id) where u.batch_id = b.id and u.is_made;
  return found;
end $$;
revoke execute on function kernel_logic.used_since from public;

-- Who may refer to what was made: by which column, how it is told whether such a row (x) is the
-- import's own ($1: the import, $2: its request), and whether it stays and keeps what it names.
create or replace function kernel_logic.ties_of_made(batch uuid)
  returns table (made_table text, user_table text, user_column text, is_ours text, keeps boolean)
  language sql stable security definer set search_path = '' as $$
  with ties as (
    select distinct case when f.confrelid <> 'kernel.store_key'::regclass then kernel_logic.name_of(f.confrelid) end as made_table,
           f.conrelid, kernel_logic.name_of(f.conrelid) as user_table, a.attname::text as user_column
      from pg_catalog.pg_constraint f
     cross join lateral unnest(f.conkey, f.confkey) as pair(here, there)
      join pg_catalog.pg_attribute a on a.attrelid = f.conrelid and a.attnum = pair.here
      join pg_catalog.pg_attribute i on i.attrelid = f.confrelid and i.attnum = pair.there and i.attname = 'id'
     where f.contype = 'f' and f.conrelid not in ('kernel.finding'::regclass)
       and (f.confrelid = 'kernel.store_key'::regclass or kernel_logic.name_of(f.confrelid) in (
         select distinct table_name from kernel.undo_row where batch_id = batch and is_made)))
  select t.made_table, t.user_table, t.user_column,
         case when kernel_logic.has_column(t.conrelid, 'request_id') then 'x.request_id = $2'
              when s.value is not null and s.value->>'owner' is null and s.value->>'undoes' is null then 'true'
              when s.value->>'owner' is not null then kernel_logic.owned_by_import(t.conrelid, s.value->>'owner')
              when kernel_logic.has_column(t.conrelid, 'id') then format('exists (select from kernel.undo_row o
                where o.batch_id = $1 and o.table_name = %L and o.row_id = x.id)', t.user_table)
              else 'false' end,
         kernel_logic.has_column(t.conrelid, 'request_id') or s.value is not null
    from ties t left join kernel.setting s on s.name = 'undo:' || t.user_table
$$;
revoke execute on function kernel_logic.ties_of_made from public;

create or replace function kernel_logic.owned_by_import(line regclass, owner text) returns text
  language sql stable security definer set search_path = '' as $$
  select format('exists (select from %s o where o.id = x.%I and %s)', f.confrelid::regclass, owner,
           case when kernel_logic.has_column(f.confrelid, 'request_id') then 'o.request_id = $2'
                else format('exists (select from kernel.undo_row m where m.batch_id = $1 and m.is_made
                       and m.table_name = %L and m.row_id = o.id)', kernel_logic.name_of(f.confrelid)) end)
    from pg_catalog.pg_constraint f
    join pg_catalog.pg_attribute a on a.attrelid = f.conrelid and a.attnum = any(f.conkey) and a.attname = owner
   where f.conrelid = line and f.contype = 'f' limit 1
$$;
revoke execute on function kernel_logic.owned_by_import from public;

-- What a kept row names is kept with it, and what came along with it: a store's shelf, which no file
-- named.
create or replace function kernel_logic.keep_above(batch uuid) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  k record;
  more integer;
  again boolean := true;
begin
  while again loop
    again := false;
    for k in select * from kernel_logic.ties_of_made(batch) t where t.made_table is not null and exists (
        select from kernel.undo_row u where u.batch_id = batch and u.table_name = t.user_table) loop
      execute format('
        with pair as (select m.row_id as made, o.row_id as uses, m.is_kept as made_is_kept
            from %s x join kernel.undo_row o on o.batch_id = $1 and o.table_name = $2 and o.row_id = x.id and o.is_made
            join kernel.undo_row m on m.batch_id = $1 and m.table_name = $3 and m.row_id = x.%I and m.is_made
           where m.is_kept <> o.is_kept)
        update kernel.undo_row u set is_kept = true from pair p
         where u.batch_id = $1 and u.is_made and not u.is_kept and case when p.made_is_kept
           then u.table_name = $2 and u.row_id = p.uses and not kernel_logic.is_of_file(u)
           else u.table_name = $3 and u.row_id = p.made end',
        k.user_table, k.user_column) using batch, k.user_table, k.made_table;
      get diagnostics more = row_count;
      again := again or more > 0;
    end loop;
  end loop;
end $$;
revoke execute on function kernel_logic.keep_above from public;

-- Whether a row stands in a file, or came along with one that does.
create or replace function kernel_logic.is_of_file(u kernel.undo_row) returns boolean
  language sql stable security definer set search_path = '' as $$
  select exists (select from kernel.source_row s where s.row_id = u.row_id and s.table_name = u.table_name
                                                   and s.batch_id = u.batch_id)
$$;
revoke execute on function kernel_logic.is_of_file from public;

-- Asks the modules for what the request posted.
create or replace function kernel_logic.undo_posted(request uuid, tried boolean) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  undoes text;
  part jsonb;
  found jsonb := '[]';
begin
  for undoes in select distinct value->>'undoes' from kernel.setting
                 where name like 'undo:%' and value->>'undoes' is not null order by 1 loop
    execute format('select %s($1, $2)', undoes) into part using request, tried;
    found := found || part;
  end loop;
  return found;
end $$;
revoke execute on function kernel_logic.undo_posted from public;

-- Fields that the import changed get what they held before it.
create or replace function kernel_logic.put_back(b kernel.import_batch) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  named text;
  fields text[];
  sets text;
begin
  for named in select distinct table_name from kernel.undo_row u where batch_id = b.id and not is_made
                  and not exists (select from kernel.setting where name = 'undo:' || u.table_name) order by 1 loop
    select array_agg(distinct k) into fields
      from audit.change c join kernel.undo_row u using (table_name, row_id)
     cross join lateral jsonb_object_keys(kernel_logic.before_all(c)) k
     where c.request_id = b.request_id and c.table_name = named and u.batch_id = b.id and not u.is_made;
    select string_agg(format('%1$I = n.%1$I', a.attname), ', ') into sets
      from pg_catalog.pg_attribute a
     where a.attrelid = named::regclass and a.attgenerated = '' and a.attname not in ('id', 'version', 'recorded_at')
       and (a.attname = any(fields)
            or a.attname = 'custom' and exists (select from unnest(fields) f where f like 'custom.%'));
    continue when sets is null;
    execute format('
      update %1$s t set %2$s
        from (select u.row_id, (select jsonb_object_agg(e.key, e.value order by c.id desc)
                from audit.change c cross join lateral jsonb_each(kernel_logic.before_all(c)) e
               where c.request_id = $1 and c.table_name = $2 and c.row_id = u.row_id) as was
                from kernel.undo_row u where u.batch_id = $3 and u.table_name = $2 and not u.is_made) u
        join %1$s old on old.id = u.row_id
       cross join lateral jsonb_populate_record(null::%1$s, kernel_logic.unflat(
         (select jsonb_object_agg(k, kernel_logic.flat(to_jsonb(old))->k) from unnest($4) k) || u.was)) n
       where t.id = u.row_id', named, sets) using b.request_id, named, b.id, fields;
  end loop;
end $$;
revoke execute on function kernel_logic.put_back from public;

-- Removes what was made, what refers before what is referred to; what posted rows name is archived.
create or replace function kernel_logic.remove_made(b kernel.import_batch) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  left_over text[] := array(select distinct table_name from kernel.undo_row u where batch_id = b.id and is_made
                              and not exists (select from kernel.setting where name = 'undo:' || u.table_name) order by 1);
  named text;
begin
  delete from kernel.finding f using kernel.undo_row u
   where u.batch_id = b.id and u.is_made and not u.is_kept and f.source_table = u.table_name and f.source_id = u.row_id;
  delete from kernel.translation t using kernel.undo_row u
   where u.batch_id = b.id and u.is_made and not u.is_kept and t.table_name = u.table_name and t.row_id = u.row_id;
  while cardinality(left_over) > 0 loop
    named := coalesce((select n from unnest(left_over) n where not exists (
      select from pg_catalog.pg_constraint f where f.contype = 'f' and f.confrelid = n::regclass
         and f.conrelid <> f.confrelid and kernel_logic.name_of(f.conrelid) = any(left_over)) order by n limit 1),
      left_over[1]);
    execute format('delete from %s t using kernel.undo_row u
      where u.batch_id = $1 and u.table_name = $2 and u.is_made and not u.is_kept and t.id = u.row_id', named)
      using b.id, named;
    if kernel_logic.has_column(named::regclass, 'is_active') then
      execute format('update %s t set is_active = false from kernel.undo_row u
        where u.batch_id = $1 and u.table_name = $2 and u.is_made and u.is_kept and t.id = u.row_id and t.is_active
          and kernel_logic.is_of_file(u)', named)
        using b.id, named;
    end if;
    -- The feed tells of no row that is gone: who shows the table reads it anew.
    insert into kernel.change (table_name, verb) values (named, 'update');
    left_over := array_remove(left_over, named);
  end loop;
  delete from kernel.store_key k using kernel.undo_row u
   where u.batch_id = b.id and u.is_made and not u.is_kept and k.id = u.row_id
     and not exists (select from kernel.undo_row o where o.batch_id = b.id and o.row_id = k.id and o.is_kept);
end $$;
revoke execute on function kernel_logic.remove_made from public;

-- A source's row is again what it was before the import; one that is archived comes back with the next
-- import that brings it, whatever that says.
create or replace function kernel_logic.forget_sources(batch uuid) returns void
  language plpgsql security definer set search_path = '' as $$
begin
  update kernel.source_row s set hash = f.hash, batch_id = f.former_id
    from kernel.former_source_row f
   where f.batch_id = batch and s.batch_id = batch and s.source = f.source and s.table_name = f.table_name and s.key = f.key;
  delete from kernel.source_row s where s.batch_id = batch and not exists (
    select from kernel.undo_row u where u.batch_id = batch and u.row_id = s.row_id and u.is_kept);
  update kernel.source_row set hash = '' where batch_id = batch;
end $$;
revoke execute on function kernel_logic.forget_sources from public;

select kernel_logic.track('kernel.import_batch');
select kernel_logic.bind_by('kernel.former_source_row', 'false', 'false', false);
select kernel_logic.bind_by('kernel.undo_row', 'false', 'false', false);
