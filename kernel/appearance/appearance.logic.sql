-- Everybody sees the colour and the logo, also who signs in; who looks after the company sets them.

select kernel_logic.track('kernel.appearance', hidden => array['logo']);
select kernel_logic.bind_by('kernel.appearance', 'true',
                            '(select kernel_logic.may_everywhere(''kernel.administer''))', true);
select kernel_logic.readable('kernel.appearance');
grant insert, update on kernel.appearance to kontor_app;

-- Sets what is said: a colour, a logo as base64, null for Kontor's own. Errors: not_permitted.
create or replace function kernel_logic.set_appearance(input jsonb) returns jsonb
  language plpgsql set search_path = '' as $$
declare
  logo bytea := decode(input->'logo'->>'base64', 'base64');
begin
  perform kernel_logic.check_may('kernel.administer', everywhere => true);
  insert into kernel.appearance as a (accent, logo, logo_type)
  values (lower(input->>'accent'), logo, input->'logo'->>'type')
  on conflict (is_only) do update
     set accent = case when input ? 'accent' then excluded.accent else a.accent end,
         logo = case when input ? 'logo' then excluded.logo else a.logo end,
         logo_type = case when input ? 'logo' then excluded.logo_type else a.logo_type end;
  return (select jsonb_build_object('accent', a.accent, 'has_logo', a.logo is not null)
            from kernel.appearance a);
end $$;

-- Refuses who may not do that in every store; for what a server has beside its database.
create or replace function kernel_logic.check_everywhere(token text, permission text) returns void
  language plpgsql security definer set search_path = '' as $$
begin
  perform kernel_logic.set_actor(token);
  perform kernel_logic.check_may(permission, everywhere => true);
end $$;

comment on constraint appearance_is_only_check on kernel.appearance is 'there is one appearance';
comment on constraint appearance_accent_check on kernel.appearance is 'write a colour like #0d6e66';
comment on constraint appearance_logo_check on kernel.appearance is 'a picture has at most 200,000 bytes';
comment on constraint appearance_check on kernel.appearance is 'a logo comes with its type';
comment on constraint appearance_check1 on kernel.appearance is 'a logo is the picture that its type says';
