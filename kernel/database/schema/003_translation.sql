-- Translations are kept like other records: with an id and a version for the trail, and found by search.

alter table kernel.translation
  add column id uuid not null default uuidv7(),
  add column version integer not null default 1,
  drop constraint translation_pkey;
alter table kernel.translation
  add primary key (id),
  add unique (table_name, row_id, column_name, language),
  add check (length(text) <= 10000);
create index on kernel.translation using gin (lower(text) extension.gin_trgm_ops);
comment on column kernel.translation.id is 'Id';
comment on column kernel.translation.version is 'Version';
