-- What stands here and which version serves, for servers that look whether a newer program came.
create or replace function kernel_logic.deployed() returns jsonb
  language sql stable security definer set search_path = '' as $$
  select d.value || jsonb_build_object('serving', (select s.value from kernel.setting s where s.name = 'serving'))
    from kernel.setting d where d.name = 'deployed'
$$;

-- Said by a server once it takes requests: older ones may leave now.
create or replace function kernel_logic.announce(version text) returns void
  language sql security definer set search_path = '' as $$
  insert into kernel.setting values ('serving', to_jsonb(version))
  on conflict (name) do update set value = excluded.value where setting.value <> excluded.value
$$;
revoke execute on function kernel_logic.announce from public;
grant execute on function kernel_logic.announce to kontor_door;
