-- What this installation shows to others to be let in, such as the password of a mail server, lies with
-- the keys in kernel.secret. Functions of the owner keep it, and the door alone reads it, for a job that
-- shows it to whom it is for. Its name has a dot: the keys of Kontor’s own leave in no way.

-- Null takes it away.
create or replace function kernel_logic.keep_secret(named text, said text) returns void
  language plpgsql security definer set search_path = '' as $$
begin
  if said is null then
    delete from kernel.secret s where s.name = named and s.name like '_%._%';
  else
    insert into kernel.secret as s select named, convert_to(said, 'UTF8') where named like '_%._%'
    on conflict on constraint secret_pkey do update set value = excluded.value;
  end if;
end $$;
revoke execute on function kernel_logic.keep_secret from public;

create or replace function kernel_logic.secret_of(named text) returns text
  language sql stable security definer set search_path = '' as $$
  select convert_from(s.value, 'UTF8') from kernel.secret s where s.name = named and s.name like '_%._%'
$$;
revoke execute on function kernel_logic.secret_of from public;
grant execute on function kernel_logic.secret_of to kontor_door;
