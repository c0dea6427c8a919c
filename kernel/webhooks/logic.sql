-- Tells others of changes: the feed is read in order below the oldest open transaction, so that a late
-- commit is never passed over; each endpoint's deliveries are sent one after the other.

-- They are the company's: what is told of one store goes where all of them are told of.
create or replace function webhooks_logic.check_manage() returns uuid
  language plpgsql stable security definer set search_path = '' as $$
begin
  perform kernel_logic.check_may('webhooks.manage', everywhere => true);
  return kernel_logic.actor();
end $$;

-- The tables that others can be told of: what the feed of changes tells of, and no machinery.
create or replace function webhooks_logic.tables_of(input jsonb) returns text[]
  language plpgsql stable security definer set search_path = '' as $$
declare
  wanted text[] := array(select distinct t from jsonb_array_elements_text(input->'tables') t order by 1);
  named text;
begin
  foreach named in array wanted loop
    if to_regclass(named) is null or kernel_logic.name_of(to_regclass(named)) <> named
       or split_part(named, '.', 1) = any(array['kernel', 'audit', 'jobs', 'webhooks'])
       or not kernel_logic.is_told(to_regclass(named))
       or not has_any_column_privilege('kontor_app', to_regclass(named), 'select') then
      perform kernel_logic.refuse('webhook_table_unknown', jsonb_build_object('table', named));
    end if;
  end loop;
  return wanted;
end $$;
revoke execute on function webhooks_logic.tables_of from public;

create or replace function webhooks_logic.verbs_of(input jsonb) returns text[]
  language sql immutable set search_path = '' as $$
  select array(select distinct v from jsonb_array_elements_text(input->'verbs') v order by 1)
$$;

-- Makes an endpoint that is told of what comes from now on. The secret is in this answer and in no
-- other. Errors: not_permitted, webhook_table_unknown.
create or replace function webhooks_logic.make(input jsonb) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  me uuid := webhooks_logic.check_manage();
  made uuid;
  key bytea := extension.gen_random_bytes(32);
begin
  insert into webhooks.endpoint (name, url, tables, verbs, with_row, owner_id)
  values (input->>'name', input->>'url', webhooks_logic.tables_of(input),
          case when input ? 'verbs' then webhooks_logic.verbs_of(input) else '{insert,update}' end,
          coalesce((input->>'with_row')::boolean, false), me)
  returning id into made;
  insert into webhooks.secret values (made, key);
  perform webhooks_logic.start_from_now(made);
  return jsonb_build_object('id', made, 'secret', 'whsec_' || encode(key, 'base64'));
end $$;

-- Changes what it is told of, and where. What is told goes with the rights of who said so last: nobody
-- has told to a place of their own what only somebody else may see.
-- Errors: not_permitted, not_found, changed_meanwhile, webhook_table_unknown.
create or replace function webhooks_logic.change(input jsonb) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  me uuid := webhooks_logic.check_manage();
  e webhooks.endpoint;
begin
  select * into e from webhooks.endpoint w where w.id = (input->>'id')::uuid for update;
  if e.id is null then
    perform kernel_logic.refuse('not_found');
  elsif e.version <> (input->>'version')::integer then
    perform kernel_logic.refuse('changed_meanwhile');
  end if;
  update webhooks.endpoint w set owner_id = me, name = coalesce(input->>'name', w.name),
         url = coalesce(input->>'url', w.url), with_row = coalesce((input->>'with_row')::boolean, w.with_row),
         tables = case when input ? 'tables' then webhooks_logic.tables_of(input) else w.tables end,
         verbs = case when input ? 'verbs' then webhooks_logic.verbs_of(input) else w.verbs end
   where w.id = e.id returning * into e;
  return jsonb_build_object('id', e.id, 'version', e.version);
end $$;

-- The most former secrets that still sign: each makes what is sent longer.
create or replace function webhooks_logic.most_former() returns integer
  language sql immutable set search_path = '' as $$ select 5 $$;

-- Makes a new secret, which is in this answer and in no other. The one before signs beside it for a
-- day; at_once: nothing but the new one signs. Errors: not_permitted, not_found, webhook_renewed_often.
create or replace function webhooks_logic.renew(input jsonb) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  which uuid := (input->>'id')::uuid;
  at_once boolean := coalesce((input->>'at_once')::boolean, false);
  made bytea := extension.gen_random_bytes(32);
  until_then timestamptz;
begin
  perform webhooks_logic.check_manage();
  perform from webhooks.endpoint e where e.id = which for update;
  if not found then
    perform kernel_logic.refuse('not_found');
  end if;
  delete from webhooks.former_secret f where f.endpoint_id = which and (at_once or f.valid_until <= now());
  if (select count(*) from webhooks.former_secret f where f.endpoint_id = which) >= webhooks_logic.most_former() then
    perform kernel_logic.refuse('webhook_renewed_often', jsonb_build_object('limit', webhooks_logic.most_former()));
  elsif not at_once then
    insert into webhooks.former_secret (endpoint_id, key)
    select s.endpoint_id, s.key from webhooks.secret s where s.endpoint_id = which
    returning valid_until into until_then;
  end if;
  update webhooks.secret s set key = made where s.endpoint_id = which;
  update webhooks.endpoint e set secret_made_at = now() where e.id = which;
  return jsonb_build_object('id', which, 'secret', 'whsec_' || encode(made, 'base64'), 'former_until', until_then);
end $$;

create or replace function webhooks_logic.cluster() returns text
  language sql stable security definer set search_path = '' as $$
  select system_identifier::text from pg_catalog.pg_control_system()
$$;

-- Everything below the snapshot's oldest open transaction is past; what is open now still comes.
create or replace function webhooks_logic.start_from_now(endpoint uuid) returns void
  language sql security definer set search_path = '' as $$
  insert into webhooks.cursor as c values (endpoint, webhooks_logic.cluster(),
    pg_snapshot_xmin(pg_current_snapshot()), 0)
  on conflict (endpoint_id) do update set cluster = excluded.cluster,
    changed_xid = excluded.changed_xid, change_id = 0
$$;
revoke execute on function webhooks_logic.start_from_now from public;

-- On again tells what comes from then on.
create or replace function webhooks_logic.switch(input jsonb) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  which uuid := (input->>'id')::uuid;
begin
  perform webhooks_logic.check_manage();
  update webhooks.endpoint set is_active = (input->>'is_active')::boolean, failing_since = null
   where id = which;
  if not found then
    perform kernel_logic.refuse('not_found');
  end if;
  if (input->>'is_active')::boolean then
    perform webhooks_logic.start_from_now(which);
    update webhooks.delivery set state = 'failed', ended_at = now()
     where endpoint_id = which and state = 'waiting';
  end if;
  return jsonb_build_object('id', which);
end $$;

-- Sends a test event, which tells of no record.
create or replace function webhooks_logic.test(input jsonb) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  made webhooks.delivery;
begin
  perform webhooks_logic.check_manage();
  if not exists (select from webhooks.endpoint e where e.id = (input->>'id')::uuid and e.is_active) then
    perform kernel_logic.refuse('webhook_is_off');
  end if;
  insert into webhooks.delivery (endpoint_id, event, table_name, verb, changed_at)
  values ((input->>'id')::uuid, 'test_' || uuidv7(), 'webhooks.endpoint', 'test', now())
  returning * into made;
  return jsonb_build_object('id', made.id);
end $$;

-- Sends an event again, under its own id, after what waits.
create or replace function webhooks_logic.repeat(input jsonb) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  made uuid;
begin
  perform webhooks_logic.check_manage();
  insert into webhooks.delivery (endpoint_id, event, table_name, row_id, store_id, verb, changed_at)
  select d.endpoint_id, d.event, d.table_name, d.row_id, d.store_id, d.verb, d.changed_at
    from webhooks.delivery d join webhooks.endpoint e on e.id = d.endpoint_id and e.is_active
   where d.id = (input->>'id')::uuid and d.state <> 'waiting'
     and not exists (select from webhooks.delivery w where w.endpoint_id = d.endpoint_id
                        and w.event = d.event and w.state = 'waiting') returning id into made;
  if made is null then
    perform kernel_logic.refuse('webhook_is_off');
  end if;
  return jsonb_build_object('id', made);
end $$;

-- Switches off what belongs to somebody who may look after webhooks no more, with a finding.
create or replace function webhooks_logic.leave_with_owner() returns void
  language plpgsql security definer set search_path = '' as $$
declare
  left_alone record;
begin
  for left_alone in
    update webhooks.endpoint e set is_active = false
     where e.is_active and not exists (
       select from identity.user u join identity.user_role r on r.user_id = u.id and r.store_id is null
         join identity.role_permission p on p.role = r.role and p.permission = 'webhooks.manage'
        where u.id = e.owner_id and u.is_active)
    returning e.id, e.name
  loop
    perform kernel_logic.flag('webhooks.endpoint', left_alone.id, null, 'webhook_owner_left',
                              jsonb_build_object('name', left_alone.name));
  end loop;
end $$;
revoke execute on function webhooks_logic.leave_with_owner from public;

-- Reads the feed for each endpoint, and queues a job for each that has something due, as its owner.
-- By the door, every second, in any process; one of them reads for an endpoint. Answers how many.
create or replace function webhooks_logic.wake() returns integer
  language plpgsql security definer set search_path = '' as $$
declare
  at webhooks.cursor;
  kind jobs.job;
  due record;
  queued integer := 0;
begin
  if not exists (select from webhooks.endpoint where is_active) then
    return 0;
  end if;
  perform webhooks_logic.leave_with_owner();
  for at in select c.* from webhooks.cursor c join webhooks.endpoint e on e.id = c.endpoint_id
             where e.is_active for update of c skip locked loop
    perform webhooks_logic.gather(at);
  end loop;
  select * into kind from jobs.job where name = 'webhooks.delivery.send';
  for due in
    select e.id, e.owner_id from webhooks.endpoint e
      join lateral (select d.next_at from webhooks.delivery d
                     where d.endpoint_id = e.id and d.state = 'waiting' order by d.turn limit 1) first
        on first.next_at <= now()
     where e.is_active and kind.name is not null
       and not exists (select from jobs.run r where r.job = kind.name and r.actor_id = e.owner_id
                          and r.key = e.id::text and r.state in ('waiting', 'running'))
  loop
    perform jobs_logic.queue(kind, due.owner_id, jsonb_build_object('endpoint_id', due.id), now(), due.id::text);
    queued := queued + 1;
  end loop;
  return queued;
end $$;
revoke execute on function webhooks_logic.wake from public;
grant execute on function webhooks_logic.wake to kontor_door;

create or replace function webhooks_logic.gather(at webhooks.cursor) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  here text := webhooks_logic.cluster();
  e webhooks.endpoint;
  last record;
begin
  -- Numbers of another cluster mean nothing here: a logical restore begins anew.
  if at.cluster <> here then
    perform webhooks_logic.start_from_now(at.endpoint_id);
    return;
  end if;
  select b.changed_xid, b.id into last from (select c.changed_xid, c.id from kernel.change c
    where (c.changed_xid, c.id) > (at.changed_xid, at.change_id)
      and c.changed_xid < pg_snapshot_xmin(pg_current_snapshot())
    order by c.changed_xid, c.id limit 1000) b
   order by b.changed_xid desc, b.id desc limit 1;
  if last.id is null then
    return;
  end if;
  select * into e from webhooks.endpoint w where w.id = at.endpoint_id;
  insert into webhooks.delivery (endpoint_id, event, table_name, row_id, store_id, verb, changed_at)
  select at.endpoint_id, concat_ws('_', 'change', here, c.changed_xid, c.id), c.table_name, c.row_id,
         c.store_id, c.verb, c.changed_at
    from kernel.change c
   where (c.changed_xid, c.id) > (at.changed_xid, at.change_id)
     and (c.changed_xid, c.id) <= (last.changed_xid, last.id) and c.table_name = any(e.tables)
     and c.verb = any(e.verbs)
   order by c.changed_xid, c.id;
  update webhooks.cursor set changed_xid = last.changed_xid, change_id = last.id
   where endpoint_id = at.endpoint_id;
end $$;
revoke execute on function webhooks_logic.gather from public;

-- The next delivery that is due, for the job that runs as the endpoint's owner.
create or replace function webhooks_logic.next(endpoint uuid) returns jsonb
  language sql security definer set search_path = '' as $$
  select to_jsonb(d) || jsonb_build_object('url', e.url, 'with_row', e.with_row)
    from webhooks.endpoint e join webhooks.delivery d on d.endpoint_id = e.id and d.state = 'waiting'
   where e.id = endpoint and e.is_active and e.owner_id = kernel_logic.actor()
     and kernel_logic.may('webhooks.manage')
     and d.next_at <= now() and not exists (select from webhooks.delivery b
       where b.endpoint_id = e.id and b.state = 'waiting' and b.turn < d.turn)
   order by d.turn limit 1
$$;

-- The signatures of a body, by Standard Webhooks: the newest secret's first, then those of former ones
-- that are good still. A secret itself never leaves the database again.
create or replace function webhooks_logic.sign(endpoint uuid, said text) returns text
  language sql stable security definer set search_path = '' as $$
  select string_agg('v1,' || encode(extension.hmac(convert_to(said, 'UTF8'), k.key, 'sha256'), 'base64'),
                    ' ' order by k.made desc)
    from webhooks.endpoint e
    cross join lateral (select s.key, 'infinity'::timestamptz as made from webhooks.secret s where s.endpoint_id = e.id
                        union all
                        select f.key, f.valid_until from webhooks.former_secret f
                         where f.endpoint_id = e.id and f.valid_until > now()) k
   where e.id = endpoint and e.owner_id = kernel_logic.actor()
     and kernel_logic.may_everywhere('webhooks.manage')
$$;

-- What became of an attempt. Tried for a day, the endpoint is switched off, with a finding.
create or replace function webhooks_logic.told(delivery uuid, became text, answer integer, said text)
  returns void language plpgsql security definer set search_path = '' as $$
declare
  d webhooks.delivery;
  day_over boolean;
begin
  select w.* into d from webhooks.delivery w join webhooks.endpoint e on e.id = w.endpoint_id
   where w.id = delivery and w.state = 'waiting' and e.owner_id = kernel_logic.actor()
     and kernel_logic.may_everywhere('webhooks.manage') for update of w;
  if d.id is null then
    return;
  end if;
  day_over := became = 'failed' and coalesce(d.first_tried_at < now() - interval '1 day', false);
  update webhooks.delivery w set attempt = w.attempt + 1, status = answer, response_start = said,
         first_tried_at = coalesce(w.first_tried_at, now()),
         state = case when became = 'failed' and not day_over then 'waiting' else became end,
         ended_at = case when became <> 'failed' or day_over then now() end,
         next_at = now() + least(interval '5 seconds' * power(2, least(w.attempt, 12)), interval '1 hour')
   where w.id = d.id;
  update webhooks.endpoint e set failing_since = case when became = 'failed' then coalesce(e.failing_since, now()) end,
         is_active = not day_over
   where e.id = d.endpoint_id and (became = 'failed' or e.failing_since is not null)
     and (day_over or (e.failing_since is null) = (became = 'failed'));
  if day_over then
    perform kernel_logic.flag('webhooks.endpoint', d.endpoint_id, null, 'webhook_switched_off',
      jsonb_build_object('name', (select name from webhooks.endpoint where id = d.endpoint_id), 'status', answer));
  end if;
end $$;

select kernel_logic.track('webhooks.endpoint');
select kernel_logic.bind_by('webhooks.endpoint', '(select kernel_logic.may_everywhere(''webhooks.manage''))', 'false', false);
select kernel_logic.readable('webhooks.endpoint');
-- What happened in a store is told to who may be told of that store.
select kernel_logic.bind_by('webhooks.delivery',
  'store_id = any((select kernel_logic.my_stores(''webhooks.manage''))::uuid[])
   or (store_id is null and (select kernel_logic.may(''webhooks.manage'')))', 'false', false);
select kernel_logic.readable('webhooks.delivery');
create or replace trigger tell_update after update on webhooks.delivery referencing new table as told
  for each statement execute function kernel_logic.tell('webhooks.delivery');
select kernel_logic.bind_by('webhooks.secret', 'false', 'false', false);
select kernel_logic.bind_by('webhooks.former_secret', 'false', 'false', false);
select kernel_logic.bind_by('webhooks.cursor', 'false', 'false', false);
