-- Saved views: one's own and those that are shared. What a view shows is decided when it is asked for,
-- under the rights of who asks.

-- What somebody keeps for themselves is not for readers of the trail.
select kernel_logic.track('kernel.saved_view', hidden => array['name', 'spec']);
alter table kernel.saved_view enable row level security;
create policy reads on kernel.saved_view for select to kontor_app, kontor_read
  using (owner_id = (select kernel_logic.actor()) or shared and (select kernel_logic.actor()) is not null);
create policy lists on kernel.saved_view for select to kontor_list using (true);
create policy adds on kernel.saved_view for insert to kontor_app
  with check (owner_id = (select kernel_logic.actor()) and (select kernel_logic.may('kernel.save_views'))
              and (not shared or (select kernel_logic.may('kernel.share_views'))));
-- What was shared can be taken back also by who may share no longer.
create policy changes on kernel.saved_view for update to kontor_app
  using (owner_id = (select kernel_logic.actor()))
  with check (owner_id = (select kernel_logic.actor()) and (select kernel_logic.may('kernel.save_views'))
              and (not shared or (select kernel_logic.may('kernel.share_views'))));
select kernel_logic.readable('kernel.saved_view');
grant insert on kernel.saved_view to kontor_app;
grant update (name, spec, shared, is_active) on kernel.saved_view to kontor_app;

-- A view is of a table that its owner sees, and holds what a list takes and nothing else.
create or replace function kernel_logic.check_view() returns trigger
  language plpgsql security definer set search_path = '' as $$
declare
  odd text := (select min(e.key) from jsonb_each(case jsonb_typeof(new.spec) when 'object'
                                                      then new.spec else '{}' end) e
                where jsonb_typeof(e.value) is distinct from case
                  when e.key = 'q' then 'string'
                  when e.key in ('filter', 'sort', 'group', 'totals', 'columns') then 'array' end);
begin
  if odd is not null then
    perform kernel_logic.refuse('view_wrong', jsonb_build_object('part', odd));
  end if;
  if not exists (select from pg_catalog.pg_class c
                   join kernel.module m on m.name = c.relnamespace::regnamespace::text
                  where c.oid = to_regclass(new.table_name) and c.relkind in ('r', 'v')
                    and new.table_name = kernel_logic.name_of(c.oid)
                    and has_any_column_privilege('kontor_app', c.oid, 'select')) then
    perform kernel_logic.refuse('table_unknown', jsonb_build_object('table', new.table_name));
  end if;
  return new;
end $$;
create or replace trigger check_view before insert or update on kernel.saved_view
  for each row execute function kernel_logic.check_view();

-- A list's spec on top of a saved view's, by the view's id or name; one's own before a shared one of
-- the same name. Error: view_unknown.
create or replace function kernel_logic.with_view(listed text, spec jsonb) returns jsonb
  language plpgsql stable set search_path = '' as $$
declare
  kept jsonb;
begin
  select v.spec into kept from kernel.saved_view v
   where v.table_name = listed and v.is_active and with_view.spec->>'view' in (v.id::text, v.name)
   order by v.owner_id = kernel_logic.actor() desc, v.id limit 1;
  if kept is null then
    perform kernel_logic.refuse('view_unknown', jsonb_build_object('view', with_view.spec->>'view'));
  end if;
  return kept || (with_view.spec - 'view');
end $$;

create or replace function kernel_logic.save_view(input jsonb) returns kernel.saved_view
  language plpgsql set search_path = '' as $$
declare
  saved kernel.saved_view;
begin
  insert into kernel.saved_view (table_name, name, spec, owner_id, shared)
  values (input->>'table_name', btrim(input->>'name'), input->'spec', kernel_logic.actor(),
          coalesce((input->>'shared')::boolean, false))
  returning * into saved;
  return saved;
end $$;

-- Changes one's own view, where nobody did since it was read. Errors: not_found, changed_meanwhile.
create or replace function kernel_logic.change_view(input jsonb) returns kernel.saved_view
  language plpgsql set search_path = '' as $$
declare
  saved kernel.saved_view;
begin
  update kernel.saved_view v
     set name = coalesce(btrim(input->>'name'), v.name), spec = coalesce(input->'spec', v.spec),
         shared = coalesce((input->>'shared')::boolean, v.shared),
         is_active = coalesce((input->>'is_active')::boolean, v.is_active)
   where v.id = (input->>'id')::uuid and v.version = (input->>'version')::integer
     and v.owner_id = kernel_logic.actor()
  returning * into saved;
  if not found then
    perform kernel_logic.refuse(case when exists (select from kernel.saved_view v
      where v.id = (input->>'id')::uuid and v.owner_id = kernel_logic.actor())
      then 'changed_meanwhile' else 'not_found' end);
  end if;
  return saved;
end $$;

create or replace function kernel_logic.archive_view(input jsonb) returns kernel.saved_view
  language sql set search_path = '' as $$
  select kernel_logic.change_view(jsonb_build_object('id', input->'id', 'version', input->'version',
                                                     'is_active', false))
$$;

comment on constraint saved_view_name_check on kernel.saved_view is 'use 1 to 100 characters on one line';
comment on constraint saved_view_spec_check on kernel.saved_view is 'a view holds filters, sorts and columns, at most 20,000 characters of them';
