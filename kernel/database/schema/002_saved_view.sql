-- A list as somebody wants to see it again: filters, sorts, groups, columns.

create table kernel.saved_view (
  id         uuid primary key default uuidv7(),
  version    integer not null default 1,
  table_name text not null,
  name       text not null check (length(btrim(name)) between 1 and 100 and name !~ '[[:cntrl:]]'),
  spec       jsonb not null check (jsonb_typeof(spec) = 'object' and length(spec::text) <= 20000),
  owner_id   uuid not null,
  shared     boolean not null default false,
  is_active  boolean not null default true,
  made_at    timestamptz not null default now()
);
create unique index on kernel.saved_view (owner_id, table_name, name) where is_active;
create index on kernel.saved_view (table_name, name, id);
comment on table kernel.saved_view is 'Saved view | A list as somebody wants to see it again.';
comment on column kernel.saved_view.id is 'Id';
comment on column kernel.saved_view.version is 'Version';
comment on column kernel.saved_view.table_name is 'Table | Whose list it is.';
comment on column kernel.saved_view.name is 'Name';
comment on column kernel.saved_view.spec is 'Spec | Filters, search, sorts, groups, totals and columns.';
comment on column kernel.saved_view.owner_id is 'Owner | Who made it; nobody else changes it.';
comment on column kernel.saved_view.shared is 'Shared | Whether others see it, too.';
comment on column kernel.saved_view.is_active is 'Active';
comment on column kernel.saved_view.made_at is 'Made at';
