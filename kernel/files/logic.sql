-- Who may read a record reads its files, who may change it attaches and removes them: asked of the
-- record's own policies, whatever the table.

-- Asked before a byte is taken. Errors: not_signed_in, not_permitted, not_found, files_not_yours.
create or replace function files_logic.check_upload(token text, wanted text, record uuid) returns uuid
  language plpgsql security definer set search_path = '' as $$
declare
  me uuid := kernel_logic.set_actor(token);
begin
  perform kernel_logic.check_may('files.use');
  if not kernel_logic.may_record(wanted, record, false) then
    perform kernel_logic.refuse('not_found');
  end if;
  if not kernel_logic.may_record(wanted, record, true) then
    perform kernel_logic.refuse('files_not_yours');
  end if;
  return me;
end $$;

-- Says that these bytes came from that person; by the door, which received them.
create or replace function files_logic.received(
  actor uuid, hash text, size bigint, name text, content_type text)
  returns uuid language plpgsql security definer set search_path = '' as $$
#variable_conflict use_variable
declare
  made uuid;
begin
  insert into files.content as c (hash, size) values (hash, size)
  on conflict on constraint content_pkey do update set stored_at = now();
  insert into files.upload (hash, actor_id, name, content_type)
  values (hash, actor, name, content_type) returning id into made;
  return made;
end $$;
revoke execute on function files_logic.received from public;
grant execute on function files_logic.received to kontor_door;

-- Attaches what the actor uploaded, once. Errors: not_permitted, not_found, files_not_yours.
create or replace function files_logic.attach(input jsonb) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  me uuid := kernel_logic.actor();
  wanted text := input->>'table_name';
  record uuid := (input->>'row_id')::uuid;
  came files.upload;
  made files.attachment;
begin
  perform kernel_logic.check_may('files.use');
  if not kernel_logic.may_record(wanted, record, true) then
    perform kernel_logic.refuse('files_not_yours');
  end if;
  delete from files.upload u where u.id = (input->>'upload_id')::uuid and u.actor_id = me
  returning * into came;
  if came.id is null then
    perform kernel_logic.refuse('not_found');
  end if;
  -- Two at once on one record take turns for the position.
  perform pg_advisory_xact_lock(hashtextextended('files ' || record, 0));
  insert into files.attachment (table_name, row_id, position, name, content_type, size, hash, attached_by)
  select wanted, record, coalesce((select max(a.position) from files.attachment a
                                    where a.table_name = wanted and a.row_id = record), 0) + 1,
         came.name, came.content_type, c.size, c.hash, me
    from files.content c where c.hash = came.hash
  returning * into made;
  return to_jsonb(made);
end $$;

-- Whether the rows of a table never change: nobody has a right to change them.
create or replace function files_logic.is_fact(asked regclass) returns boolean
  language sql stable security definer set search_path = '' as $$
  select not has_any_column_privilege('kontor_app', asked, 'update')
$$;

-- Removes a file from its record, or brings it back. Errors: not_permitted, not_found, files_not_yours.
create or replace function files_logic.set_active(which uuid, active boolean) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  file files.attachment;
begin
  perform kernel_logic.check_may('files.use');
  select * into file from files.attachment a where a.id = which for update;
  if file.id is null or not kernel_logic.may_record(file.table_name, file.row_id, false) then
    perform kernel_logic.refuse('not_found');
  end if;
  if not kernel_logic.may_record(file.table_name, file.row_id, true) then
    perform kernel_logic.refuse('files_not_yours');
  end if;
  -- Papers of what was posted stay with it: only who put them there removes them again.
  if files_logic.is_fact(file.table_name::regclass) and file.attached_by is distinct from kernel_logic.actor()
     and not kernel_logic.may_everywhere('kernel.administer') then
    perform kernel_logic.refuse('files_not_yours');
  end if;
  update files.attachment a set is_active = active, detached_at = case when not active then now() end
   where a.id = which;
  return jsonb_build_object('id', which);
end $$;
create or replace function files_logic.detach(input jsonb) returns jsonb
  language sql security definer set search_path = '' as $$
  select files_logic.set_active((input->>'id')::uuid, false)
$$;
create or replace function files_logic.restore(input jsonb) returns jsonb
  language sql security definer set search_path = '' as $$
  select files_logic.set_active((input->>'id')::uuid, true)
$$;

-- Forgets what was removed a month ago, and answers bytes that nothing refers to, locked: who brings
-- the same again meanwhile waits, and then stores them anew.
create or replace function files_logic.orphans(most integer) returns setof text
  language plpgsql security definer set search_path = '' as $$
begin
  perform kernel_logic.check_may('kernel.administer');
  delete from files.upload where uploaded_at < now() - interval '1 day';
  -- What was removed from a posted document is kept: its trail says who did, and this what it was.
  delete from files.attachment where not is_active and detached_at < now() - interval '30 days'
     and not files_logic.is_fact(table_name::regclass);
  return query select c.hash from files.content c
    where c.stored_at < now() - interval '1 day'
      and not exists (select from files.attachment a where a.hash = c.hash)
      and not exists (select from files.upload u where u.hash = c.hash)
    order by c.hash limit most for update skip locked;
end $$;
create or replace function files_logic.drop_content(gone text[]) returns void
  language plpgsql security definer set search_path = '' as $$
begin
  perform kernel_logic.check_may('kernel.administer');
  delete from files.content c where c.hash = any(gone) and c.stored_at < now() - interval '1 day';
end $$;

select kernel_logic.track('files.attachment');
select kernel_logic.bind_by('files.attachment',
  '(select kernel_logic.may(''files.use'')) and kernel_logic.may_record(table_name, row_id, false)', 'false', false);
select kernel_logic.readable('files.attachment');
select kernel_logic.bind_by('files.content', 'false', 'false', false);
select kernel_logic.bind_by('files.upload', 'false', 'false', false);
