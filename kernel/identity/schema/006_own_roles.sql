-- Roles that a shop makes for itself stand beside those that Kontor brings. What a role permits is one
-- value of its row, so that the trail shows what it was before and a list shows it whole; the rights
-- that every question asks are kept from it.

alter table identity.role
  add column id uuid not null default uuidv7() unique,
  add column permissions text[] not null default '{}' check (array_position(permissions, null) is null),
  -- No module brings a role of such a name: a deploy never meets one of the shop's own.
  add column is_own boolean not null generated always as (name like 'own\_%') stored,
  add column version integer not null default 1,
  alter column label type text collate "und-x-icu",
  add constraint role_label_check check (length(label) between 1 and 60 and label = btrim(label)
                                         and label !~ '[[:cntrl:]|]');
create unique index role_label_key on identity.role (label) where is_own;
create index on identity.role (label, id);
update identity.role r set permissions = coalesce((select array_agg(p.permission order by p.permission)
  from identity.role_permission p where p.role = r.name), '{}');
comment on column identity.role.id is 'Id';
comment on column identity.role.permissions is 'Permits | The permissions of whoever has it.';
comment on column identity.role.is_own is 'The shop’s own | Not one that Kontor brings.';
comment on column identity.role.version is 'Version';
