-- An import is one transaction of one person, as a call is, with its own line in the trail.

-- Opens an import: who is it, may they; answers the actor. context: request_id, address.
create or replace function kernel_logic.begin_import(token text, context jsonb default '{}')
  returns uuid language plpgsql security definer set search_path = '' as $$
declare
  who uuid;
begin
  -- A deploy takes the other side of this lock: it waits for imports, as it does for calls.
  perform pg_advisory_xact_lock_shared(7070);
  who := kernel_logic.set_actor(token);
  -- Two imports of the same rows would each think them new.
  perform pg_advisory_xact_lock(7071);
  perform kernel_logic.check_may('kernel.import');
  insert into audit.request (actor_id, operation, request_id, address)
  values (who, 'kernel.import', context->>'request_id', context->>'address');
  return who;
end $$;
