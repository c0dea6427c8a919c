-- Who may read a record reads what was written about it and may write; a comment is its writer's.

-- What is written of a record that somebody may not see isn't for them in the trail either.
select kernel_logic.track('comments.comment', hidden => array['text']);
alter table comments.comment enable row level security;
create policy reads on comments.comment for select to kontor_app, kontor_read
  using (kernel_logic.may_record(table_name, row_id, false));
create policy lists on comments.comment for select to kontor_list using (true);
create policy adds on comments.comment for insert to kontor_app
  with check (written_by = (select kernel_logic.actor())
              and (select kernel_logic.may('comments.write'))
              and kernel_logic.may_record(table_name, row_id, false));
create policy changes on comments.comment for update to kontor_app
  using (written_by = (select kernel_logic.actor()) and kernel_logic.may_record(table_name, row_id, false))
  with check (written_by = (select kernel_logic.actor()));
select kernel_logic.readable('comments.comment');
grant insert (id, table_name, row_id, text, written_by) on comments.comment to kontor_app;
grant update (text, is_active) on comments.comment to kontor_app;

create or replace function comments_logic.sign() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  new.writer := (select u.name from identity.user u where u.id = new.written_by);
  return new;
end $$;
create or replace trigger sign before insert on comments.comment
  for each row execute function comments_logic.sign();

-- Errors: not_found (also for a record that one may not see).
create or replace function comments_logic.write(input jsonb) returns jsonb
  language plpgsql set search_path = '' as $$
declare
  made comments.comment;
begin
  if not kernel_logic.may_record(input->>'table_name', (input->>'row_id')::uuid, false) then
    perform kernel_logic.refuse('not_found');
  end if;
  insert into comments.comment (table_name, row_id, text, written_by)
  values (input->>'table_name', (input->>'row_id')::uuid, input->>'text', kernel_logic.actor())
  returning * into made;
  return to_jsonb(made);
end $$;

-- One's own; another's stands as it was written. Error: comment_not_yours.
create or replace function comments_logic.change(input jsonb) returns jsonb
  language plpgsql set search_path = '' as $$
declare
  made comments.comment;
begin
  update comments.comment c
     set text = coalesce(input->>'text', c.text),
         is_active = coalesce((input->>'is_active')::boolean, c.is_active)
   where c.id = (input->>'id')::uuid
  returning * into made;
  if made.id is null then
    perform kernel_logic.refuse('comment_not_yours');
  end if;
  return to_jsonb(made);
end $$;

comment on constraint comment_text_check on comments.comment is 'write 1 to 4,000 characters, without marks that can’t be seen';
