-- An import can be taken back as a whole. What it made and changed, the trail knows by its request;
-- one from before this has none, and stays.
alter table kernel.import_batch
  add column name         text collate "und-x-icu" not null default '',
  add column rows_made    integer not null default 0 check (rows_made >= 0),
  add column rows_changed integer not null default 0 check (rows_changed >= 0),
  add column state        text not null default 'done' check (state in ('done', 'undone')),
  add column request_id   uuid unique,
  add column undone_at    timestamptz,
  add column undone_by    uuid,
  add column version      integer not null default 1;
comment on column kernel.import_batch.name is 'Files | Their names.';
comment on column kernel.import_batch.files is 'Contents | What each file held and what became of it.';
comment on column kernel.import_batch.rows_made is 'Created | How many rows of the files were new.';
comment on column kernel.import_batch.rows_changed is 'Changed | How many rows of the files changed what was there.';
comment on column kernel.import_batch.state is 'State | Undone once all of it was taken back.';
comment on column kernel.import_batch.request_id is 'Request | Under which it stands in the trail.';
comment on column kernel.import_batch.undone_at is 'Undone at';
comment on column kernel.import_batch.undone_by is 'Undone by';
comment on column kernel.import_batch.version is 'Version';

-- What was known of a source's row before an import brought it anew.
create table kernel.former_source_row (
  batch_id    uuid not null references kernel.import_batch,
  source      text not null,
  table_name  text not null,
  key         text not null,
  hash        bytea not null,
  former_id   uuid not null references kernel.import_batch,
  primary key (batch_id, source, table_name, key)
);
create index on kernel.former_source_row (former_id);
comment on table kernel.former_source_row is 'Former source row | What was known of a row of a source before an import brought it anew.';
comment on column kernel.former_source_row.batch_id is 'Import | That brought it anew.';
comment on column kernel.former_source_row.source is 'Source | Where it came from.';
comment on column kernel.former_source_row.table_name is 'Table | What it became.';
comment on column kernel.former_source_row.key is 'Key | What it was called there.';
comment on column kernel.former_source_row.hash is 'Hash | SHA-256 of what it held.';
comment on column kernel.former_source_row.former_id is 'Import before | That had brought it last.';

-- The rows that an undo looks at: filled when it begins, and kept as what it did.
create table kernel.undo_row (
  batch_id   uuid not null references kernel.import_batch,
  table_name text not null,
  row_id     uuid not null,
  is_made    boolean not null,
  is_kept    boolean not null default false,
  primary key (batch_id, table_name, row_id)
);
create index on kernel.undo_row (row_id);
comment on table kernel.undo_row is 'Undone row | What an undone import had made or changed.';
comment on column kernel.undo_row.batch_id is 'Import';
comment on column kernel.undo_row.table_name is 'Table';
comment on column kernel.undo_row.row_id is 'Row';
comment on column kernel.undo_row.is_made is 'Made | Or it was changed.';
comment on column kernel.undo_row.is_kept is 'Kept | For posted rows name it: it was archived, not removed.';
