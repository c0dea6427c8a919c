-- Who sees the business, its people and those it deals with.

-- The kernel knows of a store its id, company and time zone, for rights and business days.
create or replace function master_logic.keep_store_key() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  if not exists (select from pg_catalog.pg_timezone_names where name = new.time_zone) then
    perform kernel_logic.refuse('time_zone_unknown', jsonb_build_object('time_zone', new.time_zone));
  end if;
  insert into kernel.store_key values (new.id, new.company_id, new.time_zone)
  on conflict (id) do update set time_zone = excluded.time_zone;
  return null;
end $$;
create or replace trigger keep_store_key after insert or update of time_zone on master.store
  for each row execute function master_logic.keep_store_key();

-- Makes the business from nothing, all or nothing: first administrator, company, first store; the
-- other modules furnish both by their own triggers. Only the door may, and only once.
create or replace function master_logic.set_up(input jsonb) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  who uuid;
  company uuid;
  registration uuid;
  store uuid;
begin
  perform pg_advisory_xact_lock(70702);
  if exists (select from master.company) then
    perform kernel_logic.refuse('already_set_up',
      jsonb_build_object('company', (select name from master.company order by id limit 1)));
  end if;
  insert into identity.user (username, name, password_hash)
  values (input->>'username', coalesce(nullif(input->>'name', ''), input->>'username'), input->>'password_hash')
  returning id into who;
  insert into identity.user_role (user_id, role) values (who, 'administrator');
  insert into master.company (name, country, currency, profile, is_demo)
  values (input->>'company', input->>'country', input->>'currency', input->>'profile',
          coalesce((input->>'demo')::boolean, false)) returning id into company;
  insert into master.tax_registration (company_id, name, country)
  values (company, input->>'company', input->>'country') returning id into registration;
  insert into master.store (company_id, registration_id, code, name, time_zone, country)
  values (company, registration, coalesce(input->>'store_code', 'MAIN'),
          coalesce(nullif(input->>'store', ''), input->>'company'),
          coalesce(input->>'time_zone', 'UTC'), input->>'country') returning id into store;
  return jsonb_build_object('user_id', who, 'company_id', company, 'store_id', store);
end $$;
revoke execute on function master_logic.set_up from public;
grant execute on function master_logic.set_up to kontor_door;

-- The company that keeps the books; anyone signed in may know its currency.
create or replace function master_logic.books() returns table (id uuid, name text, country text, currency text)
  language sql stable security definer set search_path = '' as $$
  select id, name, country, currency from master.company order by id limit 1
$$;

-- The company and the stores that the signed-in person works in, for the frame of every page.
create or replace function master_logic.around(token text) returns jsonb
  language plpgsql security definer set search_path = '' as $$
begin
  perform kernel_logic.set_actor(token);
  return jsonb_build_object(
    'company', (select jsonb_build_object('id', c.id, 'name', c.name, 'country', c.country,
        'currency', c.currency, 'decimals', kernel_logic.decimals(c.currency), 'is_demo', c.is_demo)
       from master.company c order by c.id limit 1),
    'stores', (select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'code', s.code, 'name', s.name,
        'time_zone', s.time_zone) order by s.name), '[]')
       from master.store s where s.id = any(kernel_logic.all_my_stores())));
end $$;

-- Whether anything stands here yet; anyone may know.
create or replace function master_logic.is_set_up() returns jsonb
  language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('done', exists (select from master.company),
    'company', (select name from master.company order by id limit 1),
    'is_demo', coalesce((select is_demo from master.company order by id limit 1), false))
$$;

-- A number that was given stays given.
select kernel_logic.undone_with('master.number_series');

select kernel_logic.track('master.company');
select kernel_logic.track('master.tax_registration');
select kernel_logic.track('master.store');
select kernel_logic.track('master.party',
  personal => array['organisation', 'first_name', 'last_name', 'name', 'note', 'custom']);
select kernel_logic.track('master.contact_point', personal => array['value', 'normalised'],
                          party_column => 'party_id');
select kernel_logic.track('master.address', party_column => 'party_id',
  personal => array['street', 'city', 'region', 'postal_code', 'country']);
select kernel_logic.track('master.employee',
  personal => array['first_name', 'last_name', 'name', 'email', 'phone', 'street']);

select kernel_logic.bind('master.company', 'master.see', 'master.manage');
select kernel_logic.bind('master.tax_registration', 'master.see', 'master.manage');
-- A store is seen by who works in any; its rows elsewhere carry store_id and are bound by it.
select kernel_logic.bind('master.store', 'master.see', 'master.manage');
select kernel_logic.bind('master.party', 'master.see_party', 'master.manage_party');
select kernel_logic.bind('master.contact_point', 'master.see_party', 'master.manage_party');
select kernel_logic.bind('master.address', 'master.see_party', 'master.manage_party');
select kernel_logic.bind_to_store('master.employee', 'master.see_employee', 'master.manage_employee');

select kernel_logic.readable('master.company');
select kernel_logic.readable('master.tax_registration');
select kernel_logic.readable('master.store');
select kernel_logic.readable('master.party');
select kernel_logic.readable('master.contact_point');
select kernel_logic.readable('master.address');
select kernel_logic.readable('master.employee');
grant insert on master.company, master.tax_registration, master.store, master.party,
  master.contact_point, master.address, master.employee to kontor_app;
grant update on master.company, master.tax_registration, master.store, master.party,
  master.contact_point, master.address, master.employee to kontor_app;

grant usage on sequence master.party_number, master.employee_number to kontor_app;

select kernel_logic.searchable('master.party',
  array['name', 'number', '<master.contact_point.party_id.normalised']);
select kernel_logic.searchable('master.store', array['name', 'code']);
select kernel_logic.searchable('master.employee', array['name', 'number']);
select kernel_logic.searchable('master.contact_point', array['normalised']);
select kernel_logic.searchable('master.address', array['party_id.name']);

-- A list of customers says how each is reached and from where.
select kernel_logic.brings('master.party', 'phone', 'Phone', 'master.contact_point', 'party_id', 'value',
                           'c.kind = ''phone'' and c.is_active', 'c.id');
select kernel_logic.brings('master.party', 'city', 'City', 'master.address', 'party_id', 'city',
                           'c.is_active and c.city <> ''''', 'c.kind <> ''main'', c.id');

-- What a rule asks for, where its expression doesn't say it: told to who breaks it.
comment on constraint company_country_check on master.company is 'use the two letters of ISO 3166, such as US';
comment on constraint tax_registration_country_check on master.tax_registration is 'use the two letters of ISO 3166, such as US';
comment on constraint store_country_check on master.store is 'use the two letters of ISO 3166, such as US';
comment on constraint address_country_check on master.address is 'use the two letters of ISO 3166, such as US';
comment on constraint store_code_check on master.store is 'use 1 to 8 capital letters and digits';
comment on constraint employee_check on master.employee is 'nobody manages themselves';
