-- Who is it, and what may they: an actor is signed for one transaction of one connection.

-- Whoever the signature of this transaction proves; a forged or old setting proves nobody.
create or replace function kernel_logic.verified(
  out actor uuid, out approver uuid, out approved text)
  language plpgsql stable parallel restricted security definer set search_path = '' as $$
declare
  part text[] := string_to_array(current_setting('kontor.actor', true), '|');
begin
  if part[4] = kernel_logic.sign(part[1] || '|' || part[2] || '|' || part[3]) then
    actor := part[1]::uuid;
    approver := nullif(part[2], '')::uuid;
    approved := part[3];
  end if;
end $$;

-- The signature binds to backend and transaction start, so it is worth nothing elsewhere or later.
create or replace function kernel_logic.sign(said text) returns text
  language plpgsql stable security definer set search_path = '' as $$
declare
  secret bytea := (select value from kernel.secret where name = 'actor');
begin
  return encode(extension.hmac(
    convert_to(said || '|' || pg_backend_pid() || '|' || extract(epoch from now()), 'UTF8'),
    secret, 'sha256'), 'hex');
end $$;
revoke execute on function kernel_logic.sign from public;

create or replace function kernel_logic.actor() returns uuid
  language plpgsql stable parallel restricted security definer set search_path = '' as $$
declare
  v record := kernel_logic.verified();
begin
  return v.actor;
end $$;

-- Whether the actor has a permission in any store, or was lent it for this one call.
create or replace function kernel_logic.may(permission text) returns boolean
  language plpgsql stable parallel restricted security definer set search_path = '' as $$
declare
  v record := kernel_logic.verified();
begin
  return exists (
    select from identity.user_role u join identity.role_permission p on p.role = u.role
     where p.permission = may.permission
       and (u.user_id = v.actor or u.user_id = v.approver and v.approved = may.permission));
end $$;

-- Whether the actor has a permission in every store: what is the company's own asks for it.
create or replace function kernel_logic.may_everywhere(permission text) returns boolean
  language plpgsql stable parallel restricted security definer set search_path = '' as $$
declare
  v record := kernel_logic.verified();
begin
  return exists (
    select from identity.user_role u join identity.role_permission p on p.role = u.role
     where p.permission = may_everywhere.permission and u.user_id = v.actor and u.store_id is null);
end $$;

-- Refuses who doesn't have a permission in some store or, where asked, in every one. Error: not_permitted.
create or replace function kernel_logic.check_may(permission text, everywhere boolean default false)
  returns void language plpgsql stable security definer set search_path = '' as $$
begin
  if not (case when everywhere then kernel_logic.may_everywhere(permission)
               else kernel_logic.may(permission) end) then
    perform kernel_logic.refuse('not_permitted', jsonb_build_object('permission', permission));
  end if;
end $$;

-- The stores in which the actor has a permission.
create or replace function kernel_logic.my_stores(permission text) returns uuid[]
  language plpgsql stable parallel restricted security definer set search_path = '' as $$
declare
  v record := kernel_logic.verified();
  stores uuid[];
  everywhere boolean;
begin
  select array_agg(u.store_id) filter (where u.store_id is not null), bool_or(u.store_id is null)
    into stores, everywhere
    from identity.user_role u join identity.role_permission p on p.role = u.role
   where p.permission = my_stores.permission
     and (u.user_id = v.actor or u.user_id = v.approver and v.approved = my_stores.permission);
  if everywhere then
    return (select coalesce(array_agg(id), '{}') from kernel.store_key);
  end if;
  return coalesce(stores, '{}');
end $$;

-- The stores in which the actor has any role.
create or replace function kernel_logic.all_my_stores() returns uuid[]
  language plpgsql stable parallel restricted security definer set search_path = '' as $$
declare
  me uuid := kernel_logic.actor();
begin
  return (select coalesce(array_agg(k.id), '{}') from kernel.store_key k
           where exists (select from identity.user_role u where u.user_id = me
                                 and (u.store_id is null or u.store_id = k.id)));
end $$;

create or replace function kernel_logic.stores_of(token text) returns uuid[]
  language plpgsql security definer set search_path = '' as $$
begin
  perform kernel_logic.set_actor(token);
  return kernel_logic.all_my_stores();
end $$;

-- A session that is open now. idle and absolute ends are in the row. Error: not_signed_in.
create or replace function kernel_logic.session_of(token text,
  out session_id uuid, out user_id uuid, out is_job boolean, out must_change_password boolean)
  language plpgsql stable security definer set search_path = '' as $$
begin
  select s.id, s.user_id, s.kind = 'job', u.must_change_password
    into session_id, user_id, is_job, must_change_password
    from identity.session s join identity.user u on u.id = s.user_id
   where s.token_hash = sha256(convert_to(token, 'UTF8')) and s.ended_at is null
     and s.expires_at > now() and s.last_seen_at > now() - interval '12 hours' and u.is_active;
  if user_id is null then
    perform kernel_logic.refuse('not_signed_in');
  end if;
end $$;
revoke execute on function kernel_logic.session_of from public;

-- Signs this transaction for an actor, and for what another one lends them.
create or replace function kernel_logic.sign_for(
  who uuid, lent uuid default null, permission text default null)
  returns void language plpgsql security definer set search_path = '' as $$
declare
  claim text := concat_ws('|', who, coalesce(lent::text, ''), coalesce(permission, ''));
begin
  perform set_config('kontor.actor', claim || '|' || kernel_logic.sign(claim), true);
end $$;
revoke execute on function kernel_logic.sign_for from public;

-- Makes the owner of a session's token the actor of this transaction. Error: not_signed_in.
create or replace function kernel_logic.set_actor(token text) returns uuid
  language plpgsql security definer set search_path = '' as $$
declare
  session record := kernel_logic.session_of(token);
begin
  perform kernel_logic.sign_for(session.user_id);
  return session.user_id;
end $$;

create or replace function kernel_logic.as_uuid(said text) returns uuid
  language plpgsql stable set search_path = '' as $$
begin
  if pg_input_is_valid(said, 'uuid') then
    return said::uuid;
  end if;
  return null;
end $$;

-- Opens a call: actor, permission, trail; says whether this key was answered before. A job's name, its
-- run's id and the address 'job' stand in the trail for that run alone. What is not preventable: the
-- body of an operation in TypeScript is SQL like any other, so that who signs a transaction by hand may
-- name any operation that they have the permission for, and a request id that no run has. So the trail
-- proves who wrote what with which right; the request id and the address are the caller's word.
create or replace function kernel_logic.begin_call(
  token text, operation text, key text, body_hash bytea, context jsonb)
  returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  session record;
  who uuid;
  op record;
  run uuid;
  said text := context->>'request_id';
  lent uuid;
  earlier kernel.request_key;
begin
  -- A deploy takes the other side of this lock: it is a pause for calls, not a deadlock.
  perform pg_advisory_xact_lock_shared(7070);
  session := kernel_logic.session_of(token);
  who := session.user_id;
  select o.permission, o.function, o.keyed,
         exists (select from jobs.job j where j.name = o.name) as is_job
    into op from kernel.operation o where o.name = begin_call.operation;
  if session.is_job then
    select r.id into run from jobs.run r where r.session_id = session.session_id;
  end if;
  if op.permission is null or op.is_job and run is null then
    perform kernel_logic.refuse('operation_unknown', jsonb_build_object('operation', operation));
  elsif run is not null then
    said := run::text;
  elsif said !~ '^[A-Za-z0-9_-]{8,64}$' or context->>'address' = 'job' then
    perform kernel_logic.refuse('request_id_wrong');
  elsif pg_input_is_valid(said, 'uuid') then
    if exists (select from jobs.run r where r.id = said::uuid) then
      perform kernel_logic.refuse('request_id_wrong');
    end if;
  end if;
  if context ? 'approval' then
    lent := kernel_logic.use_approval(context->>'approval', who, operation, body_hash);
    perform kernel_logic.sign_for(who, lent, op.permission);
  else
    perform kernel_logic.sign_for(who);
  end if;
  if session.must_change_password then
    perform kernel_logic.refuse('must_change_password');
  end if;
  -- As check_may() asks, of who was just signed.
  if not exists (select from identity.user_role u join identity.role_permission p on p.role = u.role
                  where p.permission = op.permission and u.user_id in (who, lent)) then
    perform kernel_logic.refuse('not_permitted', jsonb_build_object('permission', op.permission));
  end if;
  if op.keyed then
    -- Two clients with the same key take turns: the second finds the first one's answer.
    perform pg_advisory_xact_lock(hashtextextended('key ' || who || ' ' || key, 0));
    select * into earlier from kernel.request_key k where k.actor_id = who and k.key = begin_call.key;
    if found then
      if earlier.body_hash <> body_hash or earlier.operation <> operation then
        perform kernel_logic.refuse('key_reused', jsonb_build_object('key', key));
      end if;
      return jsonb_build_object('answered', true, 'result', earlier.result);
    end if;
  end if;
  insert into audit.request (actor_id, approved_by, operation, request_id, address)
  values (who, lent, operation, said, left(context->>'address', 100));
  return jsonb_build_object('function', op.function, 'keyed', op.keyed);
end $$;

-- Keeps the answer under its key. Two at once: the second is told to try again, and finds it.
create or replace function kernel_logic.remember(
  operation text, key text, body_hash bytea, result jsonb)
  returns void language plpgsql security definer set search_path = '' as $$
begin
  insert into kernel.request_key (actor_id, key, operation, body_hash, result)
  values (kernel_logic.actor(), key, operation, body_hash, coalesce(result, 'null'));
exception when unique_violation then
  raise exception using errcode = '40001', message = 'answered meanwhile, try again';
end $$;

-- A consent is for one person, one operation, one input, once, within five minutes.
create or replace function kernel_logic.use_approval(
  token text, who uuid, operation text, body_hash bytea)
  returns uuid language plpgsql security definer set search_path = '' as $$
declare
  approver uuid;
begin
  update identity.approval a set used_at = now()
   where a.token_hash = sha256(convert_to(token, 'UTF8')) and a.actor_id = who
     and a.operation = use_approval.operation and a.body_hash = use_approval.body_hash
     and a.used_at is null and a.expires_at > now()
     and exists (select from identity.user u where u.id = a.approver_id and u.is_active)
  returning a.approver_id into approver;
  if approver is null then
    perform kernel_logic.refuse('approval_not_valid');
  end if;
  return approver;
end $$;
revoke execute on function kernel_logic.use_approval from public;

-- What the signed-in person is told about themselves.
create or replace function kernel_logic.me(token text) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  who uuid := kernel_logic.set_actor(token);
begin
  return (select jsonb_build_object(
    -- What is read from now on sees at least this.
    'as_of', pg_current_snapshot()::text,
    'user', jsonb_build_object('id', u.id, 'username', u.username, 'name', u.name,
                               'must_change_password', u.must_change_password),
    'session_ends_at', (select s.expires_at from identity.session s
                         where s.token_hash = sha256(convert_to(token, 'UTF8'))),
    'preferences', (select coalesce(to_jsonb(p) - array['id', 'version'], '{}')
                      from (select) nothing left join identity.preference p on p.id = who),
    'roles', (select coalesce(jsonb_agg(jsonb_build_object('role', r.role, 'store_id', r.store_id)), '[]')
                from identity.user_role r where r.user_id = who),
    'permissions', (select coalesce(jsonb_object_agg(p.permission,
                             to_jsonb(kernel_logic.my_stores(p.permission))), '{}')
                      from (select distinct rp.permission from identity.user_role r
                              join identity.role_permission rp on rp.role = r.role
                             where r.user_id = who) p))
    from identity.user u where u.id = who);
end $$;

-- The password is changed by the door alone; a manager's list shows no hash.
select kernel_logic.track('identity.user', personal => array['name', 'email'], hidden => array['password_hash', 'failed_sign_ins']);
select kernel_logic.bind_by('identity.user',
  'id = (select kernel_logic.actor()) or (select kernel_logic.may(''identity.see_users''))',
  '(select kernel_logic.may(''identity.manage_users''))', true);
select kernel_logic.readable('identity.user', array['password_hash']);
create policy door on identity.user to kontor_door using (true) with check (true);
grant select, insert on identity.user to kontor_door;
grant update on identity.user to kontor_door;
select kernel_logic.track('identity.user_role');
select kernel_logic.bind_by('identity.user_role',
  'user_id = (select kernel_logic.actor()) or (select kernel_logic.may(''identity.see_users''))',
  '(select kernel_logic.may(''identity.manage_users''))', true);
select kernel_logic.readable('identity.user_role');
create policy door on identity.user_role to kontor_door using (true) with check (true);
grant select, insert, delete on identity.user_role to kontor_door;
select kernel_logic.bind_by('identity.session', '(select kernel_logic.may(''identity.see_users''))
  or user_id = (select kernel_logic.actor())', 'false', false);
select kernel_logic.readable('identity.session', array['token_hash']);
create policy door on identity.session to kontor_door using (true) with check (true);
grant select, insert, update on identity.session to kontor_door;
select kernel_logic.bind_by('identity.approval', '(select kernel_logic.may(''identity.see_users''))',
                            'false', false);
select kernel_logic.readable('identity.approval', array['token_hash']);
create policy door on identity.approval to kontor_door using (true) with check (true);
grant select, insert on identity.approval to kontor_door;
select kernel_logic.bind('identity.sign_in_attempt', 'identity.see_users');
select kernel_logic.readable('identity.sign_in_attempt');
create policy door on identity.sign_in_attempt to kontor_door using (true) with check (true);
grant select, insert on identity.sign_in_attempt to kontor_door;
select kernel_logic.bind_by('identity.role', '(select kernel_logic.actor()) is not null', 'false', false);
select kernel_logic.readable('identity.role');
select kernel_logic.track('identity.role');
select kernel_logic.bind_by('identity.permission', '(select kernel_logic.actor()) is not null', 'false', false);
select kernel_logic.readable('identity.permission');
select kernel_logic.bind_by('identity.role_permission', '(select kernel_logic.actor()) is not null', 'false', false);
select kernel_logic.readable('identity.role_permission');
create policy door on identity.role to kontor_door using (true);
create policy door on identity.role_permission to kontor_door using (true);
grant select on identity.role, identity.role_permission to kontor_door;
create policy door on kernel.operation to kontor_door using (true);
grant select on kernel.operation to kontor_door;
create policy door on audit.request for insert to kontor_door with check (true);
grant insert on audit.request to kontor_door;

-- The hash comes from the operation, made by argon2id; only this function writes it for the app.
create or replace function kernel_logic.make_user(
  username text, name text, email text, password_hash text, role text, store uuid)
  returns uuid language plpgsql security definer set search_path = '' as $$
declare
  made uuid;
begin
  perform kernel_logic.must_give(role, store);
  insert into identity.user (username, name, email, password_hash)
  values (username, name, email, password_hash) returning id into made;
  insert into identity.user_role (user_id, role, store_id) values (made, role, store);
  return made;
end $$;

-- Who manages users touches those who may nothing, nowhere, that they may not themselves: with another's
-- password one has all that the other may. Error: not_permitted.
create or replace function kernel_logic.must_manage(who uuid) returns void
  language plpgsql stable security definer set search_path = '' as $$
declare
  lacked text;
begin
  if not kernel_logic.may('identity.manage_users') then
    lacked := 'identity.manage_users';
  else
    select l.lacked into lacked
      from identity.user_role r cross join kernel_logic.lacks(r.role, r.store_id) as l(lacked)
     where r.user_id = who and l.lacked is not null
     order by l.lacked <> 'identity.manage_users', l.lacked limit 1;
  end if;
  if lacked is not null then
    perform kernel_logic.refuse('not_permitted', jsonb_build_object('permission', lacked));
  end if;
end $$;
revoke execute on function kernel_logic.must_manage from public;

-- A password that somebody else chose is good for one sign-in, at which the user chooses another;
-- who was signed in is so no more. The hash comes from the operation. No password is for who never
-- signs in by one: the shell and the system.
create or replace function kernel_logic.give_password(who uuid, hash text) returns void
  language plpgsql security definer set search_path = '' as $$
begin
  perform kernel_logic.must_manage(who);
  update identity.user set password_hash = hash, must_change_password = true,
         password_changed_at = now(), failed_sign_ins = 0, locked_until = null
   where id = who and password_hash <> '!';
  if not found then
    perform kernel_logic.refuse('not_found');
  end if;
  update identity.session set ended_at = now() where user_id = who and ended_at is null;
end $$;

create or replace function kernel_logic.switch_user(input jsonb) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  who uuid := (input->>'id')::uuid;
begin
  perform kernel_logic.must_manage(who);
  -- What comes by itself comes by this one.
  if exists (select from identity.user u where u.id = who and u.username = 'system') then
    perform kernel_logic.refuse('system_stays');
  end if;
  update identity.user set is_active = (input->>'is_active')::boolean where id = who;
  if not found then
    perform kernel_logic.refuse('not_found');
  end if;
  perform kernel_logic.must_have_administrator();
  update identity.session set ended_at = now()
   where user_id = who and ended_at is null and not (input->>'is_active')::boolean;
  return jsonb_build_object('id', who);
end $$;

-- Removes what is kept no longer, at most so many rows at once; answers how many. Answers under a key
-- are kept for 30 days, notices of changes for 7, sign-ins for a year, what became of jobs for 90.
create or replace function kernel_logic.forget(kind text, most integer) returns integer
  language plpgsql security definer set search_path = '' as $$
declare
  gone integer;
begin
  perform kernel_logic.check_may('kernel.administer');
  case kind
    when 'request_key' then
      delete from kernel.request_key where ctid = any(array(select ctid from kernel.request_key
        where made_at < now() - interval '30 days' limit most));
    when 'change' then
      -- In the order of the feed, where the oldest stand first, so that no index on time is needed.
      delete from kernel.change where id in (select id from (select id, changed_at from kernel.change
        order by changed_xid, id limit most) first where changed_at < now() - interval '7 days');
    when 'session' then
      delete from identity.approval where expires_at < now() - interval '30 days';
      delete from identity.session where id in (select id from identity.session
        where greatest(last_seen_at, started_at) < now() - interval '1 year' limit most);
    when 'run' then
      delete from jobs.worker where last_seen_at < now() - interval '1 day';
      delete from jobs.run where id in (select id from jobs.run
        where ended_at < now() - interval '90 days' limit most);
    when 'delivery' then
      delete from webhooks.former_secret where valid_until < now();
      delete from webhooks.delivery where id in (select id from webhooks.delivery
        where ended_at < now() - interval '90 days' limit most);
  end case;
  get diagnostics gone = row_count;
  return gone;
end $$;
