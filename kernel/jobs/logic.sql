-- Work beside the calls. Who calls may only queue, cancel and retry, by the functions of the first
-- part; what a worker does (take up, tell, finish) is granted to the door alone.

-- Queues a job in the caller's transaction, as the caller: nobody can queue for somebody else.
-- Of the same job, actor and key only one waits; a second one waits for the first to commit.
-- Errors: not_signed_in, job_unknown, not_permitted, jobs_too_many.
create or replace function jobs_logic.enqueue(
  job text, input jsonb default '{}', run_at timestamptz default null, key text default null)
  returns uuid language plpgsql security definer set search_path = '' as $$
declare
  me uuid := kernel_logic.actor();
  kind jobs.job;
begin
  if me is null then
    perform kernel_logic.refuse('not_signed_in');
  end if;
  select * into kind from jobs.job j where j.name = enqueue.job;
  if kind.name is null then
    perform kernel_logic.refuse('job_unknown', jsonb_build_object('job', job));
  end if;
  perform kernel_logic.check_may(kind.permission);
  if not exists (select from jobs.run r where r.job = kind.name and r.actor_id = me
                    and r.key = enqueue.key and r.state = 'waiting') then
    perform jobs_logic.check_room(me);
  end if;
  return jobs_logic.queue(kind, me, coalesce(input, '{}'), run_at, key);
end $$;

-- The most jobs of one person that wait. Those who queue at once don't see each other's, so it may
-- become a few more, as many as there are connections; a lock would make all of a person's calls wait.
create or replace function jobs_logic.most_waiting() returns integer
  language sql immutable set search_path = '' as $$ select 100 $$;

-- Error: jobs_too_many. What comes by itself, as the system, is not counted.
create or replace function jobs_logic.check_room(actor uuid) returns void
  language plpgsql stable security definer set search_path = '' as $$
begin
  if actor <> jobs_logic.system() and (select count(*) from (select from jobs.run r where r.actor_id = actor
       and r.state = 'waiting' limit jobs_logic.most_waiting()) w) >= jobs_logic.most_waiting() then
    perform kernel_logic.refuse('jobs_too_many', jsonb_build_object('limit', jobs_logic.most_waiting()));
  end if;
end $$;
revoke execute on function jobs_logic.check_room from public;

create or replace function jobs_logic.queue(
  kind jobs.job, actor uuid, input jsonb, run_at timestamptz, key text)
  returns uuid language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  made uuid;
begin
  insert into jobs.run as r (job, label, actor_id, input, run_at, key, attempts)
  values (kind.name, kind.label, actor, input, coalesce(run_at, now()), key, kind.attempts)
  on conflict (job, actor_id, key) where state = 'waiting' and key is not null
  do update set run_at = least(r.run_at, excluded.run_at)
  returning id into made;
  return made;
end $$;
revoke execute on function jobs_logic.queue from public;

-- A run that the actor may act on: their own, or anybody's for who looks after jobs in every store.
create or replace function jobs_logic.mine(run uuid) returns jobs.run
  language plpgsql security definer set search_path = '' as $$
declare
  found_run jobs.run;
begin
  select * into found_run from jobs.run r where r.id = run
     and (r.actor_id = kernel_logic.actor() and kernel_logic.may('jobs.use')
          or kernel_logic.may_everywhere('jobs.manage')) for update;
  if found_run.id is null then
    perform kernel_logic.refuse('not_found');
  end if;
  return found_run;
end $$;
revoke execute on function jobs_logic.mine from public;

-- One that waits is cancelled now; one that runs is told to stop, and its worker hears of it.
create or replace function jobs_logic.cancel_run(input jsonb) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  run jobs.run := jobs_logic.mine((input->>'id')::uuid);
begin
  if run.ended_at is not null then
    perform kernel_logic.refuse('run_is_over', jsonb_build_object('state', run.state));
  end if;
  update jobs.run r set cancel_requested_at = coalesce(r.cancel_requested_at, now()),
         state = case r.state when 'waiting' then 'cancelled' else r.state end,
         ended_at = case r.state when 'waiting' then now() end
   where r.id = run.id returning * into run;
  return jsonb_build_object('id', run.id, 'state', run.state);
end $$;

-- Starts over what failed or was cancelled, as its own actor. Errors: run_not_ended, jobs_too_many.
create or replace function jobs_logic.retry_run(input jsonb) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  run jobs.run := jobs_logic.mine((input->>'id')::uuid);
begin
  if run.state not in ('failed', 'cancelled') then
    perform kernel_logic.refuse('run_not_ended', jsonb_build_object('state', run.state));
  end if;
  perform jobs_logic.check_room(run.actor_id);
  update jobs.run r set state = 'waiting', run_at = now(), attempt = 0, ended_at = null, key = null,
         started_at = null, cancel_requested_at = null, progress_fraction = null,
         progress_text = null, problem_code = null, problem_text = null
   where r.id = run.id;
  return jsonb_build_object('id', run.id, 'state', 'waiting');
end $$;

-- Starts a scheduled job now, as the system, beside its schedule.
create or replace function jobs_logic.start_run(input jsonb) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  kind jobs.job;
begin
  perform kernel_logic.check_may('jobs.manage', everywhere => true);
  select j.* into kind from jobs.job j join jobs.schedule s on s.job = j.name where j.name = input->>'job';
  if kind.name is null then
    perform kernel_logic.refuse('job_unknown', jsonb_build_object('job', input->>'job'));
  end if;
  return jsonb_build_object('id', jobs_logic.queue(kind, jobs_logic.system(), '{}', now(), 'now'));
end $$;

-- Off keeps its place in the list; on counts from now, so that nothing missed comes at once.
create or replace function jobs_logic.switch_schedule(input jsonb) returns jsonb
  language plpgsql security definer set search_path = '' as $$
begin
  perform kernel_logic.check_may('jobs.manage', everywhere => true);
  update jobs.schedule s set is_active = (input->>'is_active')::boolean, next_run_at = null
   where s.id = (input->>'id')::uuid;
  if not found then
    perform kernel_logic.refuse('not_found');
  end if;
  return jsonb_build_object('id', input->'id');
end $$;

-- Whom scheduled jobs act as.
create or replace function jobs_logic.system() returns uuid
  language sql stable security definer set search_path = '' as $$
  select id from identity.user where username = 'system'
$$;

-- Keeps what modules say of their jobs; called by deploy alone. A changed time counts anew.
create or replace function jobs_logic.register(said jsonb) returns void
  language plpgsql set search_path = '' as $$
begin
  insert into jobs.job
  select * from jsonb_to_recordset(said) as j(name text, label text, permission text, attempts smallint)
  on conflict (name) do update set label = excluded.label, permission = excluded.permission,
                                   attempts = excluded.attempts;
  delete from jobs.schedule s where not exists
    (select from jsonb_array_elements(said) j where j->>'name' = s.job and j->>'schedule' is not null);
  insert into jobs.schedule as s (job, label, cron)
  select j.name, j.label, j.schedule
    from jsonb_to_recordset(said) as j(name text, label text, schedule text) where j.schedule is not null
  on conflict (job) do update set label = excluded.label, cron = excluded.cron, next_run_at = null
   where (s.label, s.cron) is distinct from (excluded.label, excluded.cron);
  delete from jobs.job j where not exists
    (select from jsonb_array_elements(said) n where n->>'name' = j.name);
end $$;
revoke execute on function jobs_logic.register from public;

select kernel_logic.bind_by('jobs.run',
  'actor_id = (select kernel_logic.actor()) or (select kernel_logic.may_everywhere(''jobs.see_all''))', 'false', false);
select kernel_logic.readable('jobs.run', array['session_id']);
select kernel_logic.bind_by('jobs.schedule', '(select kernel_logic.may_everywhere(''jobs.see_all''))', 'false', false);
select kernel_logic.readable('jobs.schedule');
select kernel_logic.bind_by('jobs.job', '(select kernel_logic.actor()) is not null', 'false', false);
select kernel_logic.readable('jobs.job');
select kernel_logic.bind_by('jobs.worker', '(select kernel_logic.may_everywhere(''jobs.see_all''))', 'false', false);
select kernel_logic.readable('jobs.worker');
create or replace trigger tell_update after update on jobs.schedule referencing new table as told
  for each statement execute function kernel_logic.tell('jobs.schedule');
create or replace trigger tell_insert after insert on jobs.run referencing new table as told
  for each statement execute function kernel_logic.tell('jobs.run');
create or replace trigger tell_update after update on jobs.run referencing new table as told
  for each statement execute function kernel_logic.tell('jobs.run');
