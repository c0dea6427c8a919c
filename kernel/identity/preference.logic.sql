-- One's own preferences, and nobody else's.

select kernel_logic.track('identity.preference');
select kernel_logic.bind_by('identity.preference', 'id = (select kernel_logic.actor())',
                            'id = (select kernel_logic.actor())', true);
select kernel_logic.readable('identity.preference');
grant insert, update on identity.preference to kontor_app;

-- Keeps what is said, leaves the rest; a list that is said to be null stands as at first again.
create or replace function kernel_logic.set_preference(input jsonb) returns jsonb
  language sql set search_path = '' as $$
  insert into identity.preference as p (id, language, theme, density, is_toured, pinned, lists)
  values (kernel_logic.actor(), input->>'language', input->>'theme', input->>'density',
          coalesce((input->>'is_toured')::boolean, false),
          array(select jsonb_array_elements_text(coalesce(input->'pinned', '[]'))),
          jsonb_strip_nulls(coalesce(input->'lists', '{}')))
  on conflict (id) do update
     set language = coalesce(excluded.language, p.language), theme = coalesce(excluded.theme, p.theme),
         density = coalesce(excluded.density, p.density),
         is_toured = coalesce((input->>'is_toured')::boolean, p.is_toured),
         pinned = case when input ? 'pinned' then excluded.pinned else p.pinned end,
         lists = jsonb_strip_nulls(p.lists || coalesce(input->'lists', '{}'))
  returning to_jsonb(p) - 'version'
$$;

comment on constraint preference_language_check on identity.preference is 'write a language like en or pt-BR';
comment on constraint preference_pinned_check on identity.preference is 'pin at most 20 pages';
comment on constraint preference_lists_check on identity.preference is 'use at most 50,000 characters for all lists';
