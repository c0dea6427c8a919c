-- A call finds the run that it is part of by its session; how many of a person's wait is asked each
-- time that they queue one.
create index run_session_id_idx on jobs.run (session_id) where session_id is not null;
create index run_waiting_actor_id_idx on jobs.run (actor_id) where state = 'waiting';
