-- What roles permit, and which of them a user has: given and taken one by one, each in a store or in
-- all of them.

-- What the actor lacks there of what a role permits: managing users first, then any other; null where
-- they have it all.
create or replace function kernel_logic.lacks(given text, store uuid) returns text
  language sql stable security definer set search_path = '' as $$
  select p.permission
    from (select 'identity.manage_users' as permission
          union all select rp.permission from identity.role_permission rp where rp.role = given) p
   where not exists (select from identity.user_role u join identity.role_permission mine on mine.role = u.role
                      where u.user_id = kernel_logic.actor() and mine.permission = p.permission
                        and (u.store_id is null or u.store_id = store))
   order by p.permission <> 'identity.manage_users', p.permission limit 1
$$;
revoke execute on function kernel_logic.lacks from public;

-- Nobody gives more than they have: the role's permissions are the giver's own there.
-- Errors: role_not_there, not_permitted.
create or replace function kernel_logic.must_give(given text, store uuid) returns void
  language plpgsql stable security definer set search_path = '' as $$
declare
  lacked text := kernel_logic.lacks(given, store);
begin
  if given = 'system' or not exists (select from identity.role r where r.name = given) then
    perform kernel_logic.refuse('role_not_there', jsonb_build_object('role', given));
  end if;
  if lacked is not null then
    perform kernel_logic.refuse('not_permitted', jsonb_build_object('permission', lacked));
  end if;
end $$;
revoke execute on function kernel_logic.must_give from public;

-- Errors: role_not_there, not_permitted, not_found.
create or replace function kernel_logic.give_role(input jsonb) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  who uuid := (input->>'id')::uuid;
begin
  perform kernel_logic.must_give(input->>'role', (input->>'store_id')::uuid);
  if not exists (select from identity.user u where u.id = who and u.password_hash <> '!') then
    perform kernel_logic.refuse('not_found');
  end if;
  insert into identity.user_role (user_id, role, store_id)
  values (who, input->>'role', (input->>'store_id')::uuid)
  on conflict (user_id, role, store_id) do nothing;
  return jsonb_build_object('id', who);
end $$;

-- Errors: role_not_there, not_permitted, not_found, last_administrator.
create or replace function kernel_logic.take_role(input jsonb) returns jsonb
  language plpgsql security definer set search_path = '' as $$
begin
  perform kernel_logic.must_give(input->>'role', (input->>'store_id')::uuid);
  delete from identity.user_role r
   where r.user_id = (input->>'id')::uuid and r.role = input->>'role'
     and r.store_id is not distinct from (input->>'store_id')::uuid;
  if not found then
    perform kernel_logic.refuse('not_found');
  end if;
  perform kernel_logic.must_have_administrator();
  return jsonb_build_object('id', input->>'id');
end $$;

-- Error: last_administrator, where nobody who can sign in would look after the installation.
create or replace function kernel_logic.must_have_administrator() returns void
  language plpgsql security definer set search_path = '' as $$
begin
  -- Two who each take the other's role away would both see one left.
  perform pg_advisory_xact_lock(7073);
  if not exists (select from identity.user u join identity.user_role r on r.user_id = u.id
                  where u.is_active and u.password_hash <> '!' and r.role = 'administrator'
                    and r.store_id is null) then
    perform kernel_logic.refuse('last_administrator');
  end if;
end $$;
revoke execute on function kernel_logic.must_have_administrator from public;

-- The rights that every question asks, kept from what a role permits.
create or replace function kernel_logic.keep_rights(kept identity.role) returns void
  language sql security definer set search_path = '' as $$
  delete from identity.role_permission p where p.role = kept.name and p.permission <> all(kept.permissions);
  insert into identity.role_permission
  select kept.name, p.name from identity.permission p where p.name = any(kept.permissions)
  on conflict do nothing
$$;
revoke execute on function kernel_logic.keep_rights from public;
create or replace function kernel_logic.rights_follow() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  perform kernel_logic.keep_rights(new);
  return null;
end $$;
create or replace trigger rights_follow after insert or update of permissions on identity.role
  for each row execute function kernel_logic.rights_follow();

-- Nobody puts into a role what they lack themselves, nor takes out what they couldn't give: it may be
-- anybody's, in any store. Errors: not_permitted, permission_unknown.
create or replace function kernel_logic.must_shape(permissions text[]) returns void
  language plpgsql stable security definer set search_path = '' as $$
declare
  p record;
begin
  perform kernel_logic.check_may('identity.manage_users', everywhere => true);
  for p in select said, known.name is not null as is_known, kernel_logic.may_everywhere(said) as may
             from unnest(permissions) said left join identity.permission known on known.name = said
            order by said loop
    if not p.is_known then
      perform kernel_logic.refuse('permission_unknown',
        jsonb_build_object('permission', left(p.said, 100), 'field', 'permissions'));
    elsif not p.may then
      perform kernel_logic.refuse('not_permitted', jsonb_build_object('permission', p.said));
    end if;
  end loop;
end $$;
revoke execute on function kernel_logic.must_shape from public;

-- The role of the shop's own that is about to change, locked; whoever changes it could have made it.
-- What it holds of a module that went for now is in nobody's way. Errors: role_not_there,
-- role_is_shipped, not_permitted.
create or replace function kernel_logic.own_role(named text) returns identity.role
  language plpgsql security definer set search_path = '' as $$
declare
  r identity.role;
begin
  perform kernel_logic.check_may('identity.manage_users', everywhere => true);
  select * into r from identity.role o where o.name = named for update;
  if r.name is null or r.name = 'system' then
    perform kernel_logic.refuse('role_not_there', jsonb_build_object('role', left(named, 100)));
  elsif not r.is_own then
    perform kernel_logic.refuse('role_is_shipped', jsonb_build_object('role', r.label));
  end if;
  perform kernel_logic.must_shape(array(select p.name from identity.permission p where p.name = any(r.permissions)));
  return r;
end $$;
revoke execute on function kernel_logic.own_role from public;

-- Who gives a role reads what it is called: none of the shop's own passes for one that Kontor brings.
-- Error: already_exists.
create or replace function kernel_logic.must_be_told_apart(label text) returns void
  language plpgsql stable security definer set search_path = '' as $$
begin
  if exists (select from identity.role r where not r.is_own
                and lower(r.label) = lower(must_be_told_apart.label)) then
    perform kernel_logic.refuse('already_exists', jsonb_build_object('what', left(label, 60), 'field', 'label'));
  end if;
end $$;
revoke execute on function kernel_logic.must_be_told_apart from public;

create or replace function kernel_logic.in_order(said jsonb) returns text[]
  language sql immutable set search_path = '' as $$
  select array(select distinct p from jsonb_array_elements_text(said) p order by 1)
$$;

-- Makes a role of the shop's own, which permits what is said or what another does. Errors:
-- not_permitted, permission_unknown, role_not_there, roles_too_many, already_exists.
create or replace function kernel_logic.make_role(input jsonb) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  wanted text[] := kernel_logic.in_order(input->'permissions');
  words text := btrim(regexp_replace(lower((input->>'label') collate "C"), '[^a-z]+', '_', 'g'), '_');
  base text := 'own_' || rtrim(left(coalesce(nullif(words, ''), 'role'), 40), '_');
  made identity.role;
begin
  perform pg_advisory_xact_lock(7074);
  if input->>'copies' is not null and input->'permissions' is null then
    select array(select p.permission from identity.role_permission p where p.role = r.name order by 1)
      into wanted from identity.role r where r.name = input->>'copies' and r.name <> 'system';
    if not found then
      perform kernel_logic.refuse('role_not_there', jsonb_build_object('role', input->>'copies'));
    end if;
  end if;
  perform kernel_logic.must_shape(wanted);
  perform kernel_logic.must_be_told_apart(input->>'label');
  if (select count(*) from identity.role r where r.is_own) >= 50 then
    perform kernel_logic.refuse('roles_too_many', jsonb_build_object('limit', 50));
  end if;
  insert into identity.role (name, label, permissions)
  select free.name, input->>'label', wanted
    from (select case n when 0 then base else base || '_' || chr(96 + (n - 1) / 26 + 1) || chr(97 + (n - 1) % 26) end as name
            from generate_series(0, 50) n order by n) free
   where not exists (select from identity.role r where r.name = free.name) limit 1
  returning * into made;
  return jsonb_build_object('id', made.id, 'role', made.name, 'version', made.version);
end $$;

-- Errors: role_not_there, role_is_shipped, not_permitted, already_exists.
create or replace function kernel_logic.rename_role(input jsonb) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  r identity.role := kernel_logic.own_role(input->>'role');
begin
  perform kernel_logic.must_be_told_apart(input->>'label');
  update identity.role o set label = input->>'label' where o.name = r.name returning * into r;
  return jsonb_build_object('id', r.id, 'role', r.name, 'version', r.version);
end $$;

-- What it permits from now on, for all who have it. version: of the role as it was read. Errors:
-- role_not_there, role_is_shipped, not_permitted, permission_unknown, changed_meanwhile.
create or replace function kernel_logic.permit_role(input jsonb) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  r identity.role := kernel_logic.own_role(input->>'role');
  wanted text[] := kernel_logic.in_order(input->'permissions');
begin
  if r.version <> (input->>'version')::integer then
    perform kernel_logic.refuse('changed_meanwhile');
  end if;
  perform kernel_logic.must_shape(wanted);
  -- What it holds of a module that is away for now comes back with that module.
  update identity.role o
     set permissions = array(select w from unnest(wanted) w union
           select p from unnest(o.permissions) p where not exists (select from identity.permission k where k.name = p)
           order by 1)
   where o.name = r.name returning * into r;
  return jsonb_build_object('id', r.id, 'role', r.name, 'version', r.version);
end $$;

-- Errors: role_not_there, role_is_shipped, not_permitted, role_in_use.
create or replace function kernel_logic.remove_role(input jsonb) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  r identity.role := kernel_logic.own_role(input->>'role');
  people bigint := (select count(distinct u.user_id) from identity.user_role u where u.role = r.name);
begin
  if people > 0 then
    perform kernel_logic.refuse('role_in_use', jsonb_build_object('role', r.label, 'people', people));
  end if;
  delete from identity.role_permission p where p.role = r.name;
  delete from identity.role o where o.name = r.name;
  return jsonb_build_object('id', r.id, 'role', r.name);
end $$;

-- What the shop calls its own roles; anyone signed in may know.
create or replace function kernel_logic.own_roles() returns jsonb
  language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_object_agg(r.name, r.label), '{}') from identity.role r where r.is_own
$$;

-- What the roles permit and how many people have each, for who sees users; others count themselves.
create or replace view identity.role_held with (security_invoker = true) as
select r.id, r.name, r.label, r.is_own, r.permissions, r.version,
       (select count(distinct g.user_id) from identity.user_role g join identity.user u on u.id = g.user_id
         where g.role = r.name and u.username not like 'shell:%') as people
  from identity.role r where r.name <> 'system';
comment on view identity.role_held is 'Role with its people | What a role permits, and how many have it.';
comment on column identity.role_held.id is 'Id';
comment on column identity.role_held.name is 'Name';
comment on column identity.role_held.label is 'Label';
comment on column identity.role_held.is_own is 'The shop’s own';
comment on column identity.role_held.permissions is 'Permits';
comment on column identity.role_held.version is 'Version';
comment on column identity.role_held.people is 'People';
grant select on identity.role_held to kontor_app, kontor_read;
comment on constraint role_label_check on identity.role is 'use 1 to 60 characters on one line, without |';
