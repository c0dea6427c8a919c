-- Who sends queues a message in their own transaction; a job acting as them sends it. What the mail
-- server is shown to be let in lies with the secrets.

-- Sets the mail server; a password that isn't said stays, null takes it away. One that was given for
-- another server, user or way of speaking is asked for again: nobody has it sent to a place of their own.
-- Errors: not_permitted, mail_password_again.
create or replace function mail_logic.set_server(input jsonb) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  was mail.server;
  s mail.server;
begin
  perform kernel_logic.check_may('kernel.administer', everywhere => true);
  select * into was from mail.server for update;
  if was.has_password and not input ? 'password' and (was.host, was.port, was.security, was.username)
     is distinct from (input->>'host', (input->>'port')::integer, input->>'security', input->>'username') then
    perform kernel_logic.refuse('mail_password_again');
  end if;
  insert into mail.server as m (host, port, security, username, has_password, from_address, from_name)
  values (input->>'host', (input->>'port')::integer, input->>'security', input->>'username',
          coalesce(input->>'password', '') <> '', input->>'from_address', input->>'from_name')
  on conflict (is_only) do update
     set host = excluded.host, port = excluded.port, security = excluded.security,
         username = excluded.username, from_address = excluded.from_address, from_name = excluded.from_name,
         has_password = case when input ? 'password' then excluded.has_password else m.has_password end
  returning * into s;
  if input ? 'password' then
    perform kernel_logic.keep_secret('mail.password', input->>'password');
  end if;
  return jsonb_build_object('id', s.id, 'host', s.host, 'has_password', s.has_password, 'version', s.version);
end $$;

-- Whether e-mails can be sent, for who would.
create or replace function mail_logic.is_set_up() returns boolean
  language sql stable security definer set search_path = '' as $$ select exists (select from mail.server) $$;

-- The server without its password: for the job that speaks to it and for who sets it. Errors:
-- not_permitted, mail_not_set_up.
create or replace function mail_logic.server() returns jsonb
  language plpgsql stable security definer set search_path = '' as $$
declare
  s mail.server;
begin
  if not (kernel_logic.may('mail.send') and kernel_logic.is_job('mail.message.send')) then
    perform kernel_logic.check_may('kernel.administer', everywhere => true);
  end if;
  select * into s from mail.server;
  if s.id is null then
    perform kernel_logic.refuse('mail_not_set_up');
  end if;
  return to_jsonb(s);
end $$;

-- The most e-mails with one document in a day, and to one address: no mailbox is flooded from here.
create or replace function mail_logic.most_a_day() returns integer
  language sql immutable set search_path = '' as $$ select 20 $$;
create or replace function mail_logic.most_a_day_to_one() returns integer
  language sql immutable set search_path = '' as $$ select 100 $$;

-- Errors: mailed_often, mailed_often_to.
create or replace function mail_logic.check_often(document text, record uuid, recipient text) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  since timestamptz := now() - interval '1 day';
begin
  -- Many at once would each count those before them.
  perform pg_advisory_xact_lock(7074);
  if (select count(*) from mail.message m where m.table_name = document and m.row_id = record
         and m.queued_at > since) >= mail_logic.most_a_day() then
    perform kernel_logic.refuse('mailed_often', jsonb_build_object('limit', mail_logic.most_a_day()));
  elsif (select count(*) from mail.message m where lower(m.recipient) = lower(check_often.recipient)
            and m.queued_at > since) >= mail_logic.most_a_day_to_one() then
    perform kernel_logic.refuse('mailed_often_to', jsonb_build_object('limit', mail_logic.most_a_day_to_one()));
  end if;
end $$;
revoke execute on function mail_logic.check_often from public;

-- Puts an e-mail with a document down, for who may read the document. The job that sends it is queued in
-- the same transaction. Errors: not_permitted, not_found, mail_not_set_up, mailed_often, mailed_often_to.
create or replace function mail_logic.queue(document text, record uuid, recipient text, language text)
  returns uuid language plpgsql security definer set search_path = '' as $$
#variable_conflict use_variable
declare
  made uuid;
begin
  perform kernel_logic.check_may('mail.send');
  if not mail_logic.is_set_up() then
    perform kernel_logic.refuse('mail_not_set_up');
  elsif not kernel_logic.may_record(document, record, false) then
    perform kernel_logic.refuse('not_found');
  end if;
  perform mail_logic.check_often(document, record, recipient);
  insert into mail.message (table_name, row_id, recipient, language, queued_by)
  values (document, record, recipient, language, kernel_logic.actor()) returning id into made;
  return made;
end $$;

-- An e-mail of the actor's own that is not sent yet, with the server that it goes by; null where it was.
create or replace function mail_logic.to_send(message uuid) returns jsonb
  language sql stable security definer set search_path = '' as $$
  select to_jsonb(m) || jsonb_build_object('server', mail_logic.server())
    from mail.message m where m.id = message and m.queued_by = kernel_logic.actor() and m.state <> 'sent'
$$;

-- What became of it, as the job found that sent it: what was sent stays sent.
create or replace function mail_logic.told(message uuid, became text, said text) returns void
  language sql security definer set search_path = '' as $$
  update mail.message m set state = became, answer = left(said, 300),
         sent_at = case when became = 'sent' then now() end
   where m.id = message and m.queued_by = kernel_logic.actor() and m.state <> 'sent'
     and kernel_logic.is_job('mail.message.send')
$$;

-- An e-mail follows the job of who sent it where that ends otherwise: cancelled, given up, or tried
-- anew. What else somebody says to a job must not keep it from ending.
create or replace function mail_logic.follow_run() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  update mail.message m set state = new.state
   where m.id = kernel_logic.as_uuid(new.input->>'id') and m.queued_by = new.actor_id and m.state <> 'sent' and m.state <> new.state;
  return null;
end $$;
create or replace trigger followed_by_mail after update of state on jobs.run for each row
  when (new.job = 'mail.message.send' and new.state in ('waiting', 'failed', 'cancelled')
        and new.state <> old.state)
  execute function mail_logic.follow_run();

select kernel_logic.track('mail.server');
select kernel_logic.bind_by('mail.server', '(select kernel_logic.may_everywhere(''kernel.administer''))', 'false', false);
select kernel_logic.readable('mail.server');

-- Who may read a document reads to whom it was sent.
select kernel_logic.track('mail.message', personal => array['recipient']);
select kernel_logic.bind_by('mail.message',
  '(select kernel_logic.may(''mail.send'')) and kernel_logic.may_record(table_name, row_id, false)', 'false', false);
select kernel_logic.readable('mail.message');

comment on constraint server_is_only_check on mail.server is 'there is one mail server';
comment on constraint server_host_check on mail.server is 'write a name such as smtp.example.com';
comment on constraint server_username_check on mail.server is 'at most 200 letters';
comment on constraint server_from_address_check on mail.server is 'write an address such as shop@example.com';
comment on constraint server_from_name_check on mail.server is 'at most 100 letters';
comment on constraint server_check on mail.server is 'a user name needs TLS or STARTTLS';
comment on constraint message_recipient_check on mail.message is 'write an address such as ana@example.com';
comment on constraint message_language_check on mail.message is 'write a language like en';
comment on constraint message_check on mail.message is 'what is sent has its time';
