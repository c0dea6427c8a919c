-- How every table is bound, stamped and followed. Triggers that keep a rule run as the owner:
-- run as the caller they would see the caller's rows only.

-- A refusal is a code with its details; the sentence comes from the translated register.
create or replace function kernel_logic.refuse(code text, params jsonb default '{}')
  returns void language plpgsql set search_path = '' as $$
begin
  raise exception using errcode = 'KO001', message = code, detail = params::text;
end $$;

-- The decimals of a currency; 2 where the currency is not known here.
create or replace function kernel_logic.decimals(currency text) returns smallint
  language sql stable parallel safe security definer set search_path = '' as $$
  select coalesce((select decimals from kernel.currency_code where code = currency), 2::smallint)
$$;

-- The row of the trail that this transaction writes under; made here where there is none yet.
create or replace function kernel_logic.request() returns uuid
  language plpgsql security definer set search_path = '' as $$
declare
  found_id uuid;
begin
  -- The second condition lets the index be used, which leaves out what was restored.
  select id into found_id from audit.request
   where made_in = pg_current_xact_id() and made_in <> '0'::xid8;
  if found_id is null then
    insert into audit.request (actor_id, operation) values (kernel_logic.actor(), 'sql')
    returning id into found_id;
  end if;
  return found_id;
end $$;
revoke execute on function kernel_logic.request from public;

-- Whether this transaction is of a job's run: nobody else writes under a job's name.
create or replace function kernel_logic.is_job(named text) returns boolean
  language sql stable security definer set search_path = '' as $$
  select exists (select from audit.request where made_in = pg_current_xact_id_if_assigned()
                    and made_in <> '0'::xid8 and operation = named)
$$;

-- Whether the setting names who made this transaction's row of the audit log. Only a verified
-- signature makes that row, and only in this transaction: its author needs none checked again.
create or replace function kernel_logic.is_named(made_by uuid) returns boolean
  language sql stable parallel restricted as $$
  select coalesce(split_part(current_setting('kontor.actor', true), '|', 1) = made_by::text, false)
$$;

-- The day is the store's own, whatever the caller says; so are who recorded it, and when.
create or replace function kernel_logic.stamp() returns trigger
  language plpgsql security definer set search_path = '' as $$
declare
  zone text;
  request uuid;
  made_by uuid;
begin
  -- A clock that runs ahead makes no days to come; what is told of it is that it did.
  if new.happened_at > now() + interval '1 day' then
    perform kernel_logic.flag(tg_table_schema || '.' || tg_table_name, new.id, new.store_id,
      'clock_was_ahead', jsonb_build_object('happened_at', new.happened_at));
    new.happened_at := now();
  elsif new.happened_at < '2000-01-01' then
    perform kernel_logic.refuse('happened_at_wrong');
  end if;
  -- The second condition lets the index be used, which leaves out what was restored.
  select k.time_zone, r.id, r.actor_id into zone, request, made_by
    from kernel.store_key k
    left join audit.request r on r.made_in = pg_current_xact_id() and r.made_in <> '0'::xid8
   where k.id = new.store_id;
  new.business_on := (new.happened_at at time zone zone)::date;
  if new.business_on is null then
    perform kernel_logic.refuse('store_unknown', jsonb_build_object('store_id', new.store_id));
  end if;
  if not kernel_logic.is_named(made_by) then
    made_by := coalesce(kernel_logic.actor(), new.recorded_by);
  end if;
  new.recorded_at := now();
  new.recorded_by := made_by;
  new.made_in := pg_current_xact_id();
  new.request_id := coalesce(request, kernel_logic.request());
  return new;
end $$;

-- Tells the change feed; more than a thousand rows at once are told as one.
create or replace function kernel_logic.tell() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  insert into kernel.change (table_name, row_id, verb)
  select tg_argv[0], t.id, lower(tg_op) from told t
   where (select count(*) from (select from told limit 1001) few) <= 1000;
  if not found then
    insert into kernel.change (table_name, verb)
    select tg_argv[0], lower(tg_op) from told limit 1;
  end if;
  return null;
end $$;

-- The same for a table whose rows are each a store's; many rows are told as one for each store.
create or replace function kernel_logic.tell_in_store() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  insert into kernel.change (table_name, store_id, row_id, verb)
  select tg_argv[0], t.store_id, t.id, lower(tg_op) from told t
   where (select count(*) from (select from told limit 1001) few) <= 1000;
  if not found then
    insert into kernel.change (table_name, store_id, verb)
    select distinct tg_argv[0], t.store_id, lower(tg_op) from told t;
  end if;
  return null;
end $$;

-- A level that is kept from moves changes often: its feed carries table and store only.
create or replace function kernel_logic.tell_once() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  -- An upsert comes by here twice, most often with nothing new.
  if tg_op = 'INSERT' then
    if not exists (select from told) then
      return null;
    end if;
  end if;
  insert into kernel.change (table_name, store_id, verb)
  select distinct tg_argv[0], t.store_id, lower(tg_op) from told t;
  return null;
end $$;

create or replace function kernel_logic.next_version() returns trigger
  language plpgsql set search_path = '' as $$
begin
  -- The trail follows a row by its id: under another one the change would not be seen.
  if new.id <> old.id then
    perform kernel_logic.refuse('id_is_fixed');
  end if;
  new.version := old.version + 1;
  return new;
end $$;

create or replace function kernel_logic.has_column(wanted regclass, named text) returns boolean
  language sql stable set search_path = '' as $$
  select exists (select from pg_attribute where attrelid = wanted and attname = named
                                             and attnum > 0 and not attisdropped)
$$;

-- A table that can change: versions, trail with the changed columns, change feed.
create or replace function kernel_logic.track(
  tracked text, personal text[] default '{}', party_column text default 'id',
  hidden text[] default '{}') returns void language plpgsql set search_path = '' as $$
declare
  teller text := case when kernel_logic.has_column(tracked::regclass, 'store_id')
                      then 'tell_in_store' else 'tell' end;
begin
  delete from kernel.personal_column where table_name = tracked;
  insert into kernel.personal_column select tracked, unnest(personal), party_column;
  if kernel_logic.has_column(tracked::regclass, 'version') then
    execute format('create or replace trigger next_version before update on %s
      for each row execute function kernel_logic.next_version()', tracked);
  end if;
  if kernel_logic.has_column(tracked::regclass, 'custom') then
    execute format('create or replace trigger check_custom before insert on %s for each row
      when (new.custom <> ''{}'') execute function kernel_logic.check_custom(%L)', tracked, tracked);
    execute format('create or replace trigger check_custom_changed before update of custom on %s for each row
      when (new.custom is distinct from old.custom) execute function kernel_logic.check_custom(%L)', tracked, tracked);
    execute format('create or replace trigger check_custom_added after insert on %s
      referencing new table as added
      for each statement execute function kernel_logic.check_custom_added(%L)', tracked, tracked);
  end if;
  execute format('create or replace trigger trail_insert after insert on %s
    referencing new table as added
    for each statement execute function kernel_logic.trail_insert(%L)', tracked, tracked);
  execute format('create or replace trigger trail_update after update on %s
    referencing old table as was new table as added
    for each statement execute function kernel_logic.trail_update(%L, %L)',
    tracked, tracked, array_to_string(hidden, ','));
  execute format('create or replace trigger trail_delete after delete on %s
    referencing old table as was
    for each statement execute function kernel_logic.trail_delete(%L)', tracked, tracked);
  execute format('create or replace trigger tell_insert after insert on %s
    referencing new table as told
    for each statement execute function kernel_logic.%I(%L)', tracked, teller, tracked);
  execute format('create or replace trigger tell_update after update on %s
    referencing new table as told
    for each statement execute function kernel_logic.%I(%L)', tracked, teller, tracked);
end $$;

-- The head of a posted thing: stamped, told, and its own trail since it never changes.
create or replace function kernel_logic.fact(posted text) returns void
  language plpgsql set search_path = '' as $$
begin
  execute format('create or replace trigger a_stamp before insert on %s
    for each row execute function kernel_logic.stamp()', posted);
  execute format('create or replace trigger tell_insert after insert on %s
    referencing new table as told
    for each statement execute function kernel_logic.tell_in_store(%L)', posted, posted);
end $$;

-- Policies of a table: bound to a store's rows, or to the permission alone.
create or replace function kernel_logic.bind_to_store(bound text, reads text, writes text default null)
  returns void language sql set search_path = '' as $$
  select kernel_logic.bind_by(bound,
    format('store_id = any((select kernel_logic.my_stores(%L))::uuid[])', reads),
    format('store_id = any((select kernel_logic.my_stores(%L))::uuid[])', writes), writes is not null)
$$;
create or replace function kernel_logic.bind(bound text, reads text, writes text default null)
  returns void language sql set search_path = '' as $$
  select kernel_logic.bind_by(bound, format('(select kernel_logic.may(%L))', reads),
                              format('(select kernel_logic.may(%L))', writes), writes is not null)
$$;
create or replace function kernel_logic.bind_by(
  bound text, reads text, writes text, writable boolean)
  returns void language plpgsql set search_path = '' as $$
begin
  execute format('alter table %s enable row level security', bound);
  execute format('create policy reads on %s for select to kontor_app, kontor_read using (%s)',
                 bound, reads);
  execute format('create policy lists on %s for select to kontor_list using (true)', bound);
  if writable then
    execute format('create policy adds on %s for insert to kontor_app with check (%s)',
                   bound, writes);
    execute format('create policy changes on %s for update to kontor_app using (%s)
                    with check (%s)', bound, writes, writes);
  end if;
end $$;

-- Grants reading of all columns but the guarded ones and those that hold custom fields, of which each
-- may have a permission of its own: only list() gives these.
create or replace function kernel_logic.readable(
  wanted text, guarded text[] default '{}', permission text default null)
  returns void language plpgsql set search_path = '' as $$
declare
  before jsonb := (select value from kernel.setting where name = 'guarded:' || wanted);
  columns text := (select string_agg(quote_ident(attname), ', ' order by attnum)
                     from pg_attribute where attrelid = wanted::regclass and attnum > 0
                      and not attisdropped and attname <> all(guarded || '{custom}'));
begin
  delete from kernel.guarded_column where table_name = wanted;
  if permission is not null then
    insert into kernel.guarded_column select wanted, unnest(guarded), permission;
  end if;
  execute format('grant select (%s) on %s to kontor_app, kontor_read', columns, wanted);
  if not to_jsonb(guarded) <@ coalesce(before, '[]') then
    perform kernel_logic.keep_past_apart(wanted, guarded);
  end if;
  if to_jsonb(guarded) is distinct from coalesce(before, '[]') then
    insert into kernel.setting values ('guarded:' || wanted, to_jsonb(guarded))
    on conflict (name) do update set value = excluded.value;
  end if;
  -- A view is read as its caller, never as the door for lists.
  if (select relkind from pg_catalog.pg_class where oid = wanted::regclass) = 'r' then
    execute format('grant select on %s to kontor_list', wanted);
  end if;
end $$;

-- Where a table is searched: its columns, those of what it refers to ('product_id.name'), or of what
-- refers to it ('<master.contact_point.party_id.normalised').
create or replace function kernel_logic.searchable(searched text, columns text[])
  returns void language sql set search_path = '' as $$
  insert into kernel.setting values ('search:' || searched, to_jsonb(columns))
  on conflict (name) do update set value = excluded.value
$$;

-- What is odd but happened. One that is open already is left alone: sales of the same goods would
-- wait for each other at its row.
create or replace function kernel_logic.flag(
  about text, about_id uuid, store uuid, odd text, params jsonb default '{}')
  returns void language plpgsql security definer set search_path = '' as $$
begin
  if exists (select from kernel.finding f where f.source_table = about and f.source_id = about_id
                                            and f.code = odd and f.state = 'open') then
    return;
  end if;
  insert into kernel.finding (store_id, source_table, source_id, code, params)
  values (store, about, about_id, odd, params)
  on conflict (source_table, source_id, code)
  do update set state = 'open', found_at = now(), params = excluded.params;
end $$;
revoke execute on function kernel_logic.flag from public;

create or replace function kernel_logic.store_time_zone(store uuid) returns text
  language sql stable security definer set search_path = '' as $$
  select time_zone from kernel.store_key where id = store
$$;

-- Writes one sale, order or change: who is it, may they, was this key answered before; run; remember.
-- token: of a session. key: made by the caller, the same for a repeat. input: as the operation says.
-- context: request_id, address, approval. Answers what the operation answers.
create or replace function kernel_logic.call(
  token text, operation text, key text, input jsonb, context jsonb default '{}')
  returns jsonb language plpgsql as $$
declare
  body_hash bytea := sha256(convert_to(input::text, 'UTF8'));
  begun jsonb := kernel_logic.begin_call(token, operation, key, body_hash, context);
  result jsonb;
begin
  if begun->'answered' = 'true' then
    return begun->'result';
  end if;
  if begun->>'function' is null then
    perform kernel_logic.refuse('operation_not_sql', jsonb_build_object('operation', operation,
      'command', 'kontor ' || replace(replace(operation, '.', ' '), '_', '-')));
  end if;
  execute format('select to_jsonb(%s($1))', begun->>'function') into result using input;
  if (begun->'keyed')::boolean then
    perform kernel_logic.remember(operation, key, body_hash, result);
  end if;
  return result;
end $$;

select kernel_logic.track('kernel.finding');
select kernel_logic.bind_by('kernel.finding',
  '(store_id = any((select kernel_logic.my_stores(''kernel.see_findings''))::uuid[]))
   or (store_id is null and (select kernel_logic.may(''kernel.see_findings'')))',
  '(store_id = any((select kernel_logic.my_stores(''kernel.see_findings''))::uuid[]))
   or (store_id is null and (select kernel_logic.may(''kernel.see_findings'')))', true);
select kernel_logic.readable('kernel.finding');
grant update (state) on kernel.finding to kontor_app;
create or replace trigger tell_insert after insert on kernel.finding referencing new table as told
  for each statement execute function kernel_logic.tell_in_store('kernel.finding');
select kernel_logic.bind('kernel.import_batch', 'kernel.import', 'kernel.import');
select kernel_logic.readable('kernel.import_batch');
grant insert (id, imported_by, name, files, rows_made, rows_changed) on kernel.import_batch to kontor_app;
select kernel_logic.bind('kernel.source_row', 'kernel.import', 'kernel.import');
select kernel_logic.readable('kernel.source_row');
grant insert, update (hash, batch_id) on kernel.source_row to kontor_app;
select kernel_logic.bind_by('kernel.translation', '(select kernel_logic.actor()) is not null',
  '(select kernel_logic.may(''kernel.translate'')) and kernel_logic.may_translate(table_name, row_id, column_name)', true);
select kernel_logic.bind_by('kernel.currency_code', 'true', 'false', false);
select kernel_logic.readable('kernel.currency_code');
select kernel_logic.bind_by('kernel.module', 'true', 'false', false);
select kernel_logic.readable('kernel.module');
select kernel_logic.bind_by('kernel.operation', '(select kernel_logic.actor()) is not null', 'false', false);
select kernel_logic.readable('kernel.operation');
select kernel_logic.bind_by('kernel.setting', '(select kernel_logic.actor()) is not null', 'false', false);
select kernel_logic.readable('kernel.setting');
select kernel_logic.bind_by('kernel.store_key', 'id = any((select kernel_logic.all_my_stores())::uuid[])', 'false', false);
select kernel_logic.readable('kernel.store_key');
-- The feed is read by the server process for all; it carries no content.
select kernel_logic.bind_by('kernel.change', 'true', 'false', false);
select kernel_logic.readable('kernel.change');
select kernel_logic.bind_by('kernel.request_key', 'actor_id = (select kernel_logic.actor())', 'false', false);
select kernel_logic.bind_by('kernel.schema_file', 'true', 'false', false);
select kernel_logic.readable('kernel.schema_file');
select kernel_logic.bind_by('kernel.logic_object', 'true', 'false', false);
select kernel_logic.bind_by('kernel.personal_column', 'true', 'false', false);
select kernel_logic.bind_by('kernel.guarded_column', 'true', 'false', false);
select kernel_logic.readable('kernel.guarded_column');
select kernel_logic.bind_by('kernel.secret', 'false', 'false', false);

create or replace function kernel_logic.settle_finding(input jsonb) returns kernel.finding
  language plpgsql as $$
declare
  settled kernel.finding;
begin
  update kernel.finding set state = 'done' where id = (input->>'id')::uuid returning * into settled;
  if not found then
    perform kernel_logic.refuse('not_found');
  end if;
  return settled;
end $$;

-- Keeps what the modules of this program say of themselves; called by deploy alone.
create or replace function kernel_logic.register(said jsonb) returns void
  language plpgsql set search_path = '' as $$
begin
  insert into kernel.module
  select * from jsonb_to_recordset(said->'modules') as m(name text, label text)
  on conflict (name) do update set label = excluded.label;
  delete from kernel.module m
   where not exists (select from jsonb_array_elements(said->'modules') n where n->>'name' = m.name);
  delete from kernel.operation o
   where not exists (select from jsonb_array_elements(said->'operations') n where n->>'name' = o.name);
  insert into kernel.operation
  select * from jsonb_to_recordset(said->'operations')
             as o(name text, permission text, function text, keyed boolean)
  on conflict (name) do update set permission = excluded.permission,
                                   function = excluded.function, keyed = excluded.keyed;
  insert into identity.permission
  select * from jsonb_to_recordset(said->'permissions') as p(name text, sentence text)
  on conflict (name) do update set sentence = excluded.sentence;
  insert into identity.role as r (name, label, permissions)
  select s.name, s.label, array(select distinct g.permission
           from jsonb_to_recordset(said->'rights') as g(role text, permission text)
          where g.role = s.name order by 1)
    from jsonb_to_recordset(said->'roles') as s(name text, label text)
  on conflict (name) do update set permissions = excluded.permissions
   where r.permissions <> excluded.permissions;
  -- The shop's own stay as they are; a role whose module went permits nothing.
  update identity.role r set permissions = '{}'
   where not r.is_own and r.permissions <> '{}'
     and not exists (select from jsonb_array_elements(said->'roles') n where n->>'name' = r.name);
  -- A permission whose module went counts nowhere until it comes back.
  delete from identity.role_permission p using identity.role r
   where r.name = p.role and not (p.permission = any(r.permissions)
     and exists (select from jsonb_array_elements(said->'permissions') n where n->>'name' = p.permission));
  delete from identity.permission p
   where not exists (select from jsonb_array_elements(said->'permissions') n where n->>'name' = p.name);
  perform kernel_logic.keep_rights(r) from identity.role r;
  insert into kernel.currency_code
  select * from jsonb_to_recordset(said->'currencies') as c(code text, name text, decimals smallint)
  on conflict (code) do update set name = excluded.name, decimals = excluded.decimals;
  insert into kernel.secret values ('actor', extension.gen_random_bytes(32))
  on conflict do nothing;
end $$;
revoke execute on function kernel_logic.register from public;

-- The owner's right, lent to who fills or restores a database: fresh tables have no statistics.
create or replace function kernel_logic.refresh_statistics() returns void
  language plpgsql security definer set search_path = '' as $$
declare
  t record;
begin
  for t in select c.oid::regclass as name from pg_catalog.pg_class c
             join kernel.module m on m.name = c.relnamespace::regnamespace::text where c.relkind = 'r' loop
    execute format('analyze %s', t.name);
  end loop;
end $$;
revoke execute on function kernel_logic.refresh_statistics from public;
grant execute on function kernel_logic.refresh_statistics to kontor_door;

-- What a rule asks for, where its expression doesn't say it: told to who breaks it.
comment on constraint money_check on domain kernel.money is 'use at most 4 decimals, and less than 1,000,000,000,000,000';
comment on constraint quantity_check on domain kernel.quantity is 'use at most 6 decimals, and less than 1,000,000,000,000';
comment on constraint fraction_check on domain kernel.fraction is 'it is a share from 0 to 1, with at most 5 decimals';
comment on constraint currency_check on domain kernel.currency is 'use the three letters of ISO 4217, such as USD';
