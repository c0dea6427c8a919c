-- What workers do, by the door alone. A run acts by a session of its own: another worker that takes
-- it up ends that session, so that one which was only slow can write nothing more.

-- One beat of a worker: it lives; what the dead left waits again; takes up to `places` runs of the
-- jobs that it knows. holds: the sessions of the runs that it has. Answers
-- {taken: [{id, job, input, session, token, attempt, attempts}], stop: [{session, why}],
--  due: [{id, cron, next_run_at, time_zone}]}.
create or replace function jobs_logic.beat(
  worker uuid, host text, pid integer, known text[], holds uuid[], places integer)
  returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  taken jsonb := '[]';
begin
  update jobs.worker w set last_seen_at = now()
   where w.id = worker and w.last_seen_at < now() - interval '2 seconds';
  if not found then
    insert into jobs.worker (id, host, pid) values (worker, host, pid) on conflict (id) do nothing;
  end if;
  perform jobs_logic.take_back();
  if places > 0 then
    taken := jobs_logic.take(worker, known, places);
  end if;
  return jsonb_build_object('taken', taken,
    'stop', (select coalesce(jsonb_agg(jsonb_build_object('session', h.id, 'why', case
          when r.id is null then 'job_lost'
          when r.cancel_requested_at is not null then 'job_cancelled'
          when s.ended_at is not null then 'job_actor_off' else 'job_too_long' end)), '[]')
       from unnest(holds) h(id) left join jobs.run r on r.session_id = h.id
       left join identity.session s on s.id = h.id
      where r.id is null or r.cancel_requested_at is not null or s.ended_at is not null
         or s.expires_at < now()),
    'due', (select coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'cron', d.cron,
          'next_run_at', d.next_run_at, 'time_zone', jobs_logic.time_zone())), '[]')
       from jobs.schedule d where d.is_active and d.job = any(known)
        and (d.next_run_at is null or d.next_run_at <= now())));
end $$;

-- The installation's own time zone: as set, else the first store's.
create or replace function jobs_logic.time_zone() returns text
  language sql stable security definer set search_path = '' as $$
  select coalesce((select value #>> '{}' from kernel.setting where name = 'time_zone'),
                  (select time_zone from kernel.store_key order by id limit 1), 'UTC')
$$;

-- What a silent worker had waits again; what was tried often enough has failed.
create or replace function jobs_logic.take_back() returns void
  language plpgsql security definer set search_path = '' as $$
declare
  run jobs.run;
begin
  for run in
    select r.* from jobs.run r
     where r.state = 'running' and not exists (select from jobs.worker w where w.id = r.worker_id
              and w.last_seen_at > now() - interval '15 seconds')
       for update of r skip locked
  loop
    perform jobs_logic.finish(run.session_id, case
      when run.cancel_requested_at is not null then 'cancelled'
      when run.attempt >= run.attempts then 'failed' else 'waiting' end,
      'job_crashed', 'The server stopped in the middle of it.', null, 0);
  end loop;
end $$;

create or replace function jobs_logic.take(worker uuid, known text[], places integer) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  run jobs.run;
  taken jsonb := '[]';
  token text;
  session uuid;
begin
  for run in
    select * from jobs.run r where r.state = 'waiting' and r.run_at <= now() and r.job = any(known)
     order by r.run_at, r.id limit places for update skip locked
  loop
    if not exists (select from identity.user u where u.id = run.actor_id and u.is_active) then
      update jobs.run r set state = 'failed', ended_at = now(), problem_code = 'job_actor_off',
             problem_text = 'The user it acts as is switched off. Switch them on, then try again.'
       where r.id = run.id;
      continue;
    end if;
    token := encode(extension.gen_random_bytes(32), 'hex');
    insert into identity.session (token_hash, user_id, kind, agent, expires_at)
    values (sha256(convert_to(token, 'UTF8')), run.actor_id, 'job', run.job, now() + interval '12 hours')
    returning id into session;
    update jobs.run r set state = 'running', attempt = attempt + 1, started_at = now(),
           worker_id = worker, session_id = session, progress_fraction = null, progress_text = null
     where r.id = run.id;
    taken := taken || jsonb_build_object('id', run.id, 'job', run.job, 'input', run.input,
      'session', session, 'token', token, 'attempt', run.attempt + 1, 'attempts', run.attempts);
  end loop;
  return taken;
end $$;
revoke execute on function jobs_logic.take from public;
revoke execute on function jobs_logic.take_back from public;

create or replace function jobs_logic.tell_progress(session uuid, fraction numeric, step text)
  returns void language sql security definer set search_path = '' as $$
  update jobs.run r set progress_fraction = fraction, progress_text = step where r.session_id = session
$$;

-- Ends an attempt: done, failed, cancelled, or waiting for the next one after `wait` seconds.
create or replace function jobs_logic.finish(
  session uuid, state text, problem text, problem_said text, result jsonb, wait integer)
  returns boolean language plpgsql security definer set search_path = '' as $$
declare
  over boolean := state <> 'waiting';
begin
  update jobs.run r set state = finish.state, session_id = null, result = finish.result,
         problem_code = problem, problem_text = problem_said,
         -- A server that stops in good order gives the attempt back.
         attempt = case when not over and problem is null then r.attempt - 1 else r.attempt end,
         run_at = case when over then r.run_at else now() + make_interval(secs => wait) end,
         -- Another of this key may wait by now: this one goes on without it.
         key = case when over then r.key end,
         ended_at = case when over then now() end,
         progress_fraction = case finish.state when 'done' then 1 else r.progress_fraction end
   where r.session_id = session;
  delete from identity.session s where s.id = session and s.kind = 'job';
  return found;
end $$;

-- Fires a schedule once, however many workers saw it due: the first one moves its next run.
create or replace function jobs_logic.fire(schedule uuid, due timestamptz, next timestamptz)
  returns uuid language plpgsql security definer set search_path = '' as $$
declare
  s jobs.schedule;
  made uuid;
begin
  update jobs.schedule d set next_run_at = next, last_run_at = coalesce(due, d.last_run_at)
   where d.id = fire.schedule and d.is_active and d.next_run_at is not distinct from due
  returning * into s;
  if s.id is null or due is null then
    return null;
  end if;
  insert into jobs.run (job, label, actor_id, attempts, scheduled_for)
  select j.name, j.label, jobs_logic.system(), j.attempts, due from jobs.job j where j.name = s.job
  on conflict (job, scheduled_for) do nothing returning id into made;
  return made;
end $$;

-- A worker that stops in good order gives back what it has not begun to end.
create or replace function jobs_logic.leave(worker uuid) returns void
  language sql security definer set search_path = '' as $$
  delete from jobs.worker w where w.id = worker
$$;

revoke execute on function jobs_logic.beat from public;
revoke execute on function jobs_logic.tell_progress from public;
revoke execute on function jobs_logic.finish from public;
revoke execute on function jobs_logic.fire from public;
revoke execute on function jobs_logic.leave from public;
grant execute on function jobs_logic.beat to kontor_door;
grant execute on function jobs_logic.tell_progress to kontor_door;
grant execute on function jobs_logic.finish to kontor_door;
grant execute on function jobs_logic.fire to kontor_door;
grant execute on function jobs_logic.leave to kontor_door;
