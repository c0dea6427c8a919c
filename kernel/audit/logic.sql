-- The trail writes itself: triggers as the owner, statement by statement, whoever writes.

create or replace function kernel_logic.trail_insert() returns trigger
  language plpgsql security definer set search_path = '' as $$
declare
  stores boolean := kernel_logic.has_column(tg_relid, 'store_id');
begin
  insert into audit.change (request_id, table_name, row_id, store_id, verb)
  select r.id, tg_argv[0], a.id, case when stores then (to_jsonb(a)->>'store_id')::uuid end, 'insert'
    from added a, (select kernel_logic.request() as id) r;
  return null;
end $$;

-- The columns that nobody reads by SQL, only list() or nobody at all: their values are kept apart.
create or replace function kernel_logic.kept_apart(listed regclass) returns text[]
  language sql stable set search_path = '' as $$
  select array(select a.attname::text from pg_catalog.pg_attribute a
                where a.attrelid = listed and a.attnum > 0 and not a.attisdropped and a.attname <> 'custom'
                  and (not has_column_privilege('kontor_app', listed, a.attnum, 'select')
                       or exists (select from kernel.guarded_column g where g.column_name = a.attname
                                     and g.table_name = kernel_logic.name_of(listed))))
$$;

-- The plan is made for the first change of a connection, often of one row, and kept: a nested loop
-- over the rows before and after would then take 10,000 of them a hundred million steps.
create or replace function kernel_logic.trail_update() returns trigger
  language plpgsql security definer set search_path = '' set enable_nestloop = off as $$
declare
  request uuid;
  hidden text[] := string_to_array(tg_argv[1], ',');
  apart text[] := kernel_logic.kept_apart(tg_relid);
  owner_column text := (select max(party_column) from kernel.personal_column
                         where table_name = tg_argv[0]);
begin
  if not exists (select from added) then
    return null;
  end if;
  request := kernel_logic.request();
  with pair as materialized (
    select n.id, kernel_logic.flat(o.row, n.row->'custom') as was, kernel_logic.flat(n.row, o.row->'custom') as now
      from (select id, to_jsonb(was) as row from was) o
      join (select id, to_jsonb(added) as row from added) n on n.id = o.id)
  insert into audit.change (request_id, table_name, row_id, store_id, verb, version, before, after,
                            guarded, party_id, sealed)
  select request, tg_argv[0], d.id, d.store_id, 'update', d.version, d.before, d.after, d.guarded,
         case when d.personal is not null then d.party_id end,
         case when d.personal is not null then kernel_logic.seal(d.party_id, d.personal) end
    from (select r.id, (r.now->>owner_column)::uuid as party_id,
                 (r.now->>'store_id')::uuid as store_id, (r.now->>'version')::integer as version,
                 jsonb_object_agg(b.key, case when a.guarded then '"…"' else b.value end)
                   filter (where p.column_name is null) as before,
                 jsonb_object_agg(b.key, case when a.guarded then '"…"' else r.now->b.key end)
                   filter (where p.column_name is null) as after,
                 jsonb_object_agg(b.key, jsonb_build_array(b.value, r.now->b.key))
                   filter (where p.column_name is null and a.guarded) as guarded,
                 jsonb_object_agg(b.key, jsonb_build_array(b.value, r.now->b.key))
                   filter (where p.column_name is not null) as personal
            from pair r cross join lateral jsonb_each(r.was) b
            left join kernel.personal_column p
                   on p.table_name = tg_argv[0] and p.column_name = split_part(b.key, '.', 1)
            left join kernel.custom_field g on g.table_name = tg_argv[0]
                   and 'custom.' || g.name = b.key and g.permission is not null
            cross join lateral (select g.name is not null or b.key = any(apart) as guarded) a
           where r.now->b.key <> b.value and b.key <> 'version' and b.key <> all(hidden)
           group by 1, 2, 3, 4) d;
  return null;
end $$;

create or replace function kernel_logic.trail_delete() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  insert into audit.change (request_id, table_name, row_id, store_id, verb)
  select kernel_logic.request(), tg_argv[0], o.id, (to_jsonb(o)->>'store_id')::uuid, 'delete'
    from was o;
  return null;
end $$;

-- Personal columns under their party's key; without the key nobody can read them again.
create or replace function kernel_logic.seal(party uuid, content jsonb) returns bytea
  language plpgsql security definer set search_path = '' as $$
declare
  secret bytea;
  vector bytea := extension.gen_random_bytes(16);
begin
  insert into audit.party_key values (party, extension.gen_random_bytes(32))
  on conflict do nothing;
  select key into secret from audit.party_key where party_id = party;
  return vector || extension.encrypt_iv(convert_to(content::text, 'UTF8'), secret, vector, 'aes');
end $$;
revoke execute on function kernel_logic.seal from public;

-- Opens what is sealed or kept apart for who may see the trail, but for what needs a permission that
-- they lack; what is sealed is null once the person was erased.
create or replace function kernel_logic.unsealed(change_id bigint) returns jsonb
  language plpgsql stable security definer set search_path = '' as $$
declare
  c audit.change;
  opened jsonb;
begin
  perform kernel_logic.check_may('audit.see');
  select * into c from audit.change a where a.id = change_id
     and (a.store_id is null or a.store_id = any(kernel_logic.my_stores('audit.see')));
  opened := coalesce(c.guarded, '{}') || coalesce((select convert_from(extension.decrypt_iv(
              substr(c.sealed, 17), k.key, substr(c.sealed, 1, 16), 'aes'), 'UTF8')::jsonb
              from audit.party_key k where k.party_id = c.party_id), '{}');
  return (select jsonb_object_agg(e.key, e.value) from jsonb_each(opened) e
           where case when e.key like 'custom.%' then not exists (select from kernel.custom_field f
                        where f.table_name = c.table_name and 'custom.' || f.name = e.key
                          and f.permission is not null and not kernel_logic.may(f.permission))
                      when e.key = any(kernel_logic.kept_apart(to_regclass(c.table_name)))
                      then exists (select from kernel.guarded_column g where g.table_name = c.table_name
                                     and g.column_name = e.key and kernel_logic.may(g.permission))
                      else true end);
end $$;

-- What fields were before they got a permission goes out of sight with them. Those that are kept apart
-- already stay as they are, so that a deploy doesn't read the whole trail each time.
create or replace function kernel_logic.keep_past_apart(of_table text, fields text[]) returns void
  language sql security definer set search_path = '' as $$
  update audit.change c set guarded = coalesce(c.guarded, '{}') || p.guarded,
         before = c.before || p.dots, after = c.after || p.dots
    from (select o.id, jsonb_object_agg(k, jsonb_build_array(o.before->k, o.after->k)) as guarded,
                 jsonb_object_agg(k, '…') as dots
            from audit.change o cross join lateral unnest(fields) k
           where o.table_name = of_table and o.before operator(pg_catalog.?) k
             and not coalesce(o.guarded operator(pg_catalog.?) k, false) group by o.id) p
   where c.id = p.id
$$;
revoke execute on function kernel_logic.keep_past_apart from public;

select kernel_logic.bind('audit.request', 'audit.see');
select kernel_logic.readable('audit.request');
-- A store's rows are its own also in the trail; what has no store is the company's.
select kernel_logic.bind_by('audit.change',
  'store_id = any((select kernel_logic.my_stores(''audit.see''))::uuid[])
   or (store_id is null and (select kernel_logic.may(''audit.see'')))', 'false', false);
select kernel_logic.readable('audit.change', array['guarded']);
select kernel_logic.bind_by('audit.party_key', 'false', 'false', false);

-- What became of a record, with who did it and what the reader may see of what is kept apart.
create or replace view audit.history with (security_invoker = true) as
select c.id, c.table_name, c.row_id, c.store_id, c.verb, c.before, c.after,
       case when kernel_logic.may('audit.see') then kernel_logic.unsealed(c.id) end as opened,
       r.made_at, r.actor_id, u.name as actor, r.approved_by, r.operation
  from audit.change c
  join audit.request r on r.id = c.request_id
  left join identity.user u on u.id = r.actor_id;
comment on view audit.history is 'Record’s history | What became of a record, and who did it.';
comment on column audit.history.id is 'Id';
comment on column audit.history.table_name is 'Table';
comment on column audit.history.row_id is 'Record';
comment on column audit.history.store_id is 'Store';
comment on column audit.history.verb is 'Verb';
comment on column audit.history.before is 'Before';
comment on column audit.history.after is 'After';
comment on column audit.history.opened is 'Values kept apart | Those that need a right of their own, for who has it: [before, after].';
comment on column audit.history.made_at is 'Made at';
comment on column audit.history.actor_id is 'Actor';
comment on column audit.history.actor is 'Who';
comment on column audit.history.approved_by is 'Approved by';
comment on column audit.history.operation is 'Operation';
grant select on audit.history to kontor_app, kontor_read;
