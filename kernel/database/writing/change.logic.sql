-- Changes on top of changes, and changes of many rows. What happened to a row since somebody read it
-- stands in the trail, which keeps the row's version beside each change.

-- What a change in the trail said before, personal columns opened; those of an erased person are null.
create or replace function kernel_logic.before_all(c audit.change) returns jsonb
  language plpgsql stable security definer set search_path = '' as $$
declare
  opened jsonb;
begin
  opened := coalesce(c.before, '{}')
    || coalesce((select jsonb_object_agg(key, value->0) from jsonb_each(c.guarded)), '{}');
  if c.sealed is null then
    return opened;
  end if;
  return opened || coalesce(
    (select jsonb_object_agg(e.key, e.value->0) from audit.party_key k cross join lateral
      jsonb_each(convert_from(extension.decrypt_iv(substr(c.sealed, 17), k.key,
        substr(c.sealed, 1, 16), 'aes'), 'UTF8')::jsonb) e where k.party_id = c.party_id),
    (select jsonb_object_agg(column_name, null) from kernel.personal_column p where p.table_name = c.table_name),
    '{}');
end $$;
revoke execute on function kernel_logic.before_all from public;

-- Whether the actor may change rows of a table by its made operations.
create or replace function kernel_logic.may_change(changed regclass) returns boolean
  language sql stable security definer set search_path = '' as $$
  select exists (select from kernel.operation o where o.name = kernel_logic.name_of(changed) || '.change'
                                                  and kernel_logic.may(o.permission))
$$;

-- The fields of a wish that others changed since the version that was seen, to something else: what it
-- was, what is there, what is wanted; who and when only for who may see the trail, values only of
-- columns that the actor may see, and what it was only for who may see the trail. Error: not_found.
create or replace function kernel_logic.conflicts(changed regclass, row_id uuid, seen integer, wanted jsonb)
  returns table (field text, was jsonb, theirs jsonb, yours jsonb, changed_by text, changed_at timestamptz)
  language plpgsql stable security definer set search_path = '' as $$
declare
  there jsonb;
  mine jsonb;
  trail boolean;
begin
  execute format('select kernel_logic.flat(to_jsonb(p)) from %s p where p.id = $1', kernel_logic.rows_of(changed))
     into there using row_id;
  if there is null or not kernel_logic.may_change(changed) then
    perform kernel_logic.refuse('not_found');
  end if;
  execute format('select to_jsonb(jsonb_populate_record(null::%s, $1))', changed) into mine using wanted;
  mine := mine || coalesce((select jsonb_object_agg(w.key, case when w.value = 'null' then w.value
                                     else kernel_logic.custom_value(c.field, w.value) end)
    from jsonb_each(wanted) w join kernel_logic.custom_columns(changed) c on c.name = w.key), '{}');
  trail := kernel_logic.may('audit.see')
    and (there->>'store_id' is null or (there->>'store_id')::uuid = any(kernel_logic.my_stores('audit.see')));
  return query
    select w.key, case when l.name is not null and trail then s.was end,
           case when l.name is not null then there->w.key end, mine->w.key, case when trail then s.by end, case when trail then s.at end
      from jsonb_object_keys(wanted) as w(key)
      join (select b.key, (array_agg(b.value order by c.id))[1] as was,
                   (array_agg(u.name order by c.id desc))[1] as by, max(r.made_at) as at
              from audit.change c join audit.request r on r.id = c.request_id
              left join identity.user u on u.id = r.actor_id
              cross join lateral jsonb_each(kernel_logic.before_all(c)) b
             where c.table_name = kernel_logic.name_of(changed) and c.row_id = conflicts.row_id
               and c.verb = 'update' and coalesce(c.version, seen + 1) > seen
             group by b.key) s on s.key = w.key
      left join kernel_logic.listable(changed) l on l.name = w.key
     -- What one may not see is told apart from nothing: by asking again and again one would find it out.
     where l.name is null or coalesce(there->w.key, 'null') is distinct from mine->w.key;
end $$;

-- The ids of the rows that a list's filters and search find, in key order; one more than the most, so
-- that it can be told that there are more.
create or replace function kernel_logic.ids_of(listed regclass, spec jsonb, most integer) returns uuid[]
  language plpgsql stable security definer set search_path = '' as $$
declare
  ids uuid[];
begin
  perform kernel_logic.check_listable(listed);
  execute format('select array(select f.id from %s f order by f.id limit %s)',
    kernel_logic.found(listed, spec, true, false), most + 1) into ids;
  return ids;
end $$;
alter function kernel_logic.ids_of(regclass, jsonb, integer) owner to kontor_list;

-- Changes row by row as the caller, to say which rows are refused and why; undone by who asked.
create or replace function kernel_logic.try_each(changed regclass, ids uuid[], wanted jsonb)
  returns table (id uuid, code text, message text, detail text, constraint_name text, column_name text)
  language plpgsql set search_path = '' as $$
declare
  sets text := (select string_agg(format('%1$I = n.%1$I', k), ', ') from jsonb_object_keys(wanted) k);
begin
  foreach id in array ids loop
    begin
      execute format('update %1$s t set %2$s from jsonb_populate_record(null::%1$s, $1) n where t.id = $2',
                     changed, sets) using wanted, id;
    exception when others then
      get stacked diagnostics code = returned_sqlstate, message = message_text, detail = pg_exception_detail,
        constraint_name = constraint_name, column_name = column_name;
      return next;
    end;
  end loop;
end $$;

-- This transaction's line in the trail, by which what it changed can be undone.
create or replace function kernel_logic.this_request() returns uuid
  language sql stable security definer set search_path = '' as $$
  select id from audit.request where made_in = pg_current_xact_id_if_assigned() and made_in <> '0'::xid8
$$;

-- What many rows were before the actor changed them at once, within the last day, with the version that
-- they got then. Error: undo_not_possible.
create or replace function kernel_logic.before_of(changed regclass, request uuid)
  returns table (row_id uuid, version integer, before jsonb)
  language plpgsql stable security definer set search_path = '' as $$
declare
  fields text[];
begin
  if not exists (select from audit.request r where r.id = request and r.actor_id = kernel_logic.actor()
       and r.operation = kernel_logic.name_of(changed) || '.change_many' and r.made_at > now() - interval '1 day') then
    perform kernel_logic.refuse('undo_not_possible');
  end if;
  -- What the actor may not see can't have been changed by the door: it is neither told nor put back.
  select array_agg(distinct k) into fields
    from audit.change c cross join lateral jsonb_object_keys(kernel_logic.before_all(c)) k
    join kernel_logic.listable(changed) l on l.name = k
   where c.request_id = request and c.table_name = kernel_logic.name_of(changed) and c.verb = 'update';
  -- A row in which a field was so already has nothing of it in the trail: it stays as it is.
  return query execute format('
    select c.row_id, c.version, (select jsonb_object_agg(k, kernel_logic.flat(to_jsonb(t))->k) from unnest($3) k)
                                || (select coalesce(jsonb_object_agg(b.key, b.value), ''{}'')
                                      from jsonb_each(kernel_logic.before_all(c)) b where b.key = any($3))
      from audit.change c join %s t on t.id = c.row_id
     where c.request_id = $1 and c.table_name = $2 and c.verb = ''update''', changed)
    using request, kernel_logic.name_of(changed), fields;
end $$;
