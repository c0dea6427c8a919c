-- Work that is done beside the calls: who asked for it, when it is due, how far it is.

create table jobs.job (
  name       text primary key check (name ~ '^[a-z_]+\.[a-z_]+\.[a-z_]+$'),
  label      text not null,
  permission text not null,
  attempts   smallint not null check (attempts between 1 and 25)
);
comment on table jobs.job is 'Kind of job | What may be queued; kept by deploy.';
comment on column jobs.job.name is 'Name | module.document.verb.';
comment on column jobs.job.label is 'Label | As screens say it.';
comment on column jobs.job.permission is 'Permission | What its actor must have.';
comment on column jobs.job.attempts is 'Attempts | How often it is tried at most.';

create table jobs.worker (
  id           uuid primary key,
  host         text not null,
  pid          integer not null,
  started_at   timestamptz not null default now(),
  last_seen_at timestamptz not null default now()
);
create index on jobs.worker (last_seen_at);
comment on table jobs.worker is 'Worker | A server process that does jobs; silent for 15 seconds it is taken for dead.';
comment on column jobs.worker.id is 'Id';
comment on column jobs.worker.host is 'Machine';
comment on column jobs.worker.pid is 'Process';
comment on column jobs.worker.started_at is 'Started at';
comment on column jobs.worker.last_seen_at is 'Last seen at | To two seconds.';

create table jobs.schedule (
  id          uuid primary key default uuidv7(),
  job         text not null unique references jobs.job,
  label       text not null,
  cron        text not null,
  is_active   boolean not null default true,
  next_run_at timestamptz,
  last_run_at timestamptz
);
comment on table jobs.schedule is 'Schedule | When a job comes by itself.';
comment on column jobs.schedule.id is 'Id';
comment on column jobs.schedule.job is 'Job';
comment on column jobs.schedule.label is 'Name';
comment on column jobs.schedule.cron is 'Times | Minute, hour, day, month, weekday, as cron writes them, in the time zone of the first store.';
comment on column jobs.schedule.is_active is 'On';
comment on column jobs.schedule.next_run_at is 'Next run at | Empty until a server has looked at it.';
comment on column jobs.schedule.last_run_at is 'Last run at';

create table jobs.run (
  id                  uuid primary key default uuidv7(),
  job                 text not null,
  label               text not null,
  actor_id            uuid not null references identity.user,
  input               jsonb not null default '{}',
  key                 text check (length(key) between 1 and 200),
  state               text not null default 'waiting'
                        check (state in ('waiting', 'running', 'done', 'failed', 'cancelled')),
  run_at              timestamptz not null default now(),
  attempt             smallint not null default 0 check (attempt between 0 and 25),
  attempts            smallint not null check (attempts between 1 and 25),
  progress_fraction   kernel.fraction,
  progress_text       text check (length(progress_text) <= 200),
  problem_code        text,
  problem_text        text,
  result              jsonb,
  scheduled_for       timestamptz,
  queued_at           timestamptz not null default now(),
  started_at          timestamptz,
  ended_at            timestamptz,
  cancel_requested_at timestamptz,
  worker_id           uuid,
  session_id          uuid unique,
  unique (job, scheduled_for),
  check ((state = 'running') = (session_id is not null)),
  check ((state in ('done', 'failed', 'cancelled')) = (ended_at is not null))
);
create index on jobs.run (run_at, id) where state = 'waiting';
create index on jobs.run (worker_id) where state = 'running';
create unique index on jobs.run (job, actor_id, key) where state = 'waiting' and key is not null;
create index on jobs.run (queued_at desc, id);
create index on jobs.run (actor_id, queued_at desc);
create index on jobs.run (ended_at) where ended_at is not null;
comment on table jobs.run is 'Job | One piece of work beside the calls, from the queue to its end.';
comment on column jobs.run.id is 'Id';
comment on column jobs.run.job is 'Job';
comment on column jobs.run.label is 'Name';
comment on column jobs.run.actor_id is 'Actor | As whom it acts, and with whose rights.';
comment on column jobs.run.input is 'Input';
comment on column jobs.run.key is 'Key | Of the same key only one waits.';
comment on column jobs.run.state is 'State';
comment on column jobs.run.run_at is 'Run at | Not before.';
comment on column jobs.run.attempt is 'Attempt | How often it was started.';
comment on column jobs.run.attempts is 'Attempts | How often it is tried at most.';
comment on column jobs.run.progress_fraction is 'Progress';
comment on column jobs.run.progress_text is 'Step | What it is at.';
comment on column jobs.run.problem_code is 'Problem | The code of what went wrong last.';
comment on column jobs.run.problem_text is 'What went wrong';
comment on column jobs.run.result is 'Result';
comment on column jobs.run.scheduled_for is 'Scheduled for | The moment of its schedule; empty where somebody asked for it.';
comment on column jobs.run.queued_at is 'Queued at';
comment on column jobs.run.started_at is 'Started at';
comment on column jobs.run.ended_at is 'Ended at';
comment on column jobs.run.cancel_requested_at is 'Cancelled at | When somebody asked it to stop.';
comment on column jobs.run.worker_id is 'Worker | The server process that runs it, or ran it last.';
comment on column jobs.run.session_id is 'Session | By which it acts while it runs.';
