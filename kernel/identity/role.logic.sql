-- Which roles a user has: given and taken one by one, each in a store or in all of them.

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
