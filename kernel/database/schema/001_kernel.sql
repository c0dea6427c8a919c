-- What every module stands on: exact kinds of numbers, keys, findings, the change feed.

create domain kernel.money as numeric
  check (scale(value) <= 4 and abs(value) < 1e15);
comment on domain kernel.money is 'An exact amount; its currency and decimals stand beside it.';
create domain kernel.quantity as numeric
  check (scale(value) <= 6 and abs(value) < 1e12);
comment on domain kernel.quantity is 'An exact quantity in the unit of its product.';
create domain kernel.fraction as numeric check (value between 0 and 1 and scale(value) <= 5);
comment on domain kernel.fraction is 'A share of the whole, from 0 to 1.';
create domain kernel.currency as text check (value ~ '^[A-Z]{3}$');
comment on domain kernel.currency is 'A currency by ISO 4217.';

create table kernel.schema_file (
  module  text not null,
  file    text not null,
  hash    bytea not null,
  ran_at  timestamptz not null default now(),
  primary key (module, file)
);
comment on table kernel.schema_file is 'Schema file | A file of schema/ that ran; it never runs again and must not change.';
comment on column kernel.schema_file.module is 'Module | The module that brought it.';
comment on column kernel.schema_file.file is 'File | Its name inside the module’s schema folder.';
comment on column kernel.schema_file.hash is 'Hash | SHA-256 of its text.';
comment on column kernel.schema_file.ran_at is 'Ran at | When it ran here.';

create table kernel.logic_object (
  module   text not null,
  position integer not null,
  kind     text not null,
  name     text not null,
  hash     bytea not null,
  primary key (module, position)
);
comment on table kernel.logic_object is 'Logic object | A statement of logic.sql as it was last applied.';
comment on column kernel.logic_object.module is 'Module | The module whose logic it is.';
comment on column kernel.logic_object.position is 'Position | Its place in the file.';
comment on column kernel.logic_object.kind is 'Kind | What it makes: function, view, trigger or right.';
comment on column kernel.logic_object.name is 'Name | What it makes, with its arguments.';
comment on column kernel.logic_object.hash is 'Hash | SHA-256 of its text.';

create table kernel.setting (
  name  text primary key,
  value jsonb not null
);
comment on table kernel.setting is 'Setting | A choice of the business that no module has a table for.';
comment on column kernel.setting.name is 'Name | What is set.';
comment on column kernel.setting.value is 'Value | What it is set to.';

create table kernel.secret (
  name  text primary key,
  value bytea not null
);
comment on table kernel.secret is 'Secret | Keys that only definer functions read.';
comment on column kernel.secret.name is 'Name | What the key is for.';
comment on column kernel.secret.value is 'Value | The key.';

create table kernel.currency_code (
  code     kernel.currency primary key,
  name     text not null,
  decimals smallint not null check (decimals between 0 and 4)
);
comment on table kernel.currency_code is 'Currency | A currency and its decimals.';
comment on column kernel.currency_code.code is 'Code | By ISO 4217.';
comment on column kernel.currency_code.name is 'Name | In English.';
comment on column kernel.currency_code.decimals is 'Decimals | How many its smallest coin has: JPY 0, BHD 3.';

-- Rights are limited to stores, and a day is a store's own: so much of a store the kernel knows.
create table kernel.store_key (
  id         uuid primary key,
  company_id uuid not null,
  time_zone  text not null
);
comment on table kernel.store_key is 'Store key | The stores that a right may be limited to; kept by the table that describes them.';
comment on column kernel.store_key.id is 'Store | Its id.';
comment on column kernel.store_key.company_id is 'Company | Whose store it is.';
comment on column kernel.store_key.time_zone is 'Time zone | The store’s own, which decides the business day.';

create table kernel.module (
  name  text primary key,
  label text not null
);
comment on table kernel.module is 'Module | A part of Kontor that stands in this database.';
comment on column kernel.module.name is 'Name | Also its schema.';
comment on column kernel.module.label is 'Label | As screens say it.';

create table kernel.operation (
  name       text primary key,
  permission text not null,
  function   text,
  keyed      boolean not null
);
comment on table kernel.operation is 'Operation | A verb of the trade that call() knows; kept by deploy.';
comment on column kernel.operation.name is 'Name | module.document.verb.';
comment on column kernel.operation.permission is 'Permission | What the caller must have.';
comment on column kernel.operation.function is 'Function | The SQL function that is its body, where it has one.';
comment on column kernel.operation.keyed is 'Keyed | Whether its idempotency key is kept; a document with an id of its own needs none.';

create table kernel.request_key (
  actor_id  uuid not null,
  key       text not null check (length(key) between 1 and 200),
  operation text not null,
  body_hash bytea not null,
  result    jsonb not null,
  made_at   timestamptz not null default now(),
  primary key (actor_id, key)
);
create index on kernel.request_key (made_at);
comment on table kernel.request_key is 'Request key | What was answered under an idempotency key, for 30 days.';
comment on column kernel.request_key.actor_id is 'Actor | Whose key it is.';
comment on column kernel.request_key.key is 'Key | As the caller made it.';
comment on column kernel.request_key.operation is 'Operation | What was called.';
comment on column kernel.request_key.body_hash is 'Body hash | SHA-256 of the input.';
comment on column kernel.request_key.result is 'Result | What was answered.';
comment on column kernel.request_key.made_at is 'Made at | When.';

create table kernel.finding (
  id           uuid primary key default uuidv7(),
  store_id     uuid references kernel.store_key,
  source_table text not null,
  source_id    uuid not null,
  code         text not null,
  params       jsonb not null default '{}',
  state        text not null default 'open' check (state in ('open', 'done')),
  found_at     timestamptz not null default now(),
  unique (source_table, source_id, code)
);
create index on kernel.finding (store_id, state, found_at desc, id);
create index on kernel.finding (found_at desc, id);
comment on table kernel.finding is 'Finding | What is odd but happened, and wants a person.';
comment on column kernel.finding.id is 'Id';
comment on column kernel.finding.store_id is 'Store | Where it was found.';
comment on column kernel.finding.source_table is 'Table | What kind of record it is about.';
comment on column kernel.finding.source_id is 'Record | Which one.';
comment on column kernel.finding.code is 'Code | What is odd.';
comment on column kernel.finding.params is 'Details';
comment on column kernel.finding.state is 'State | Open until a person has seen to it.';
comment on column kernel.finding.found_at is 'Found at';

create table kernel.import_batch (
  id          uuid primary key default uuidv7(),
  imported_at timestamptz not null default now(),
  imported_by uuid not null,
  files       jsonb not null default '[]'
);
create index on kernel.import_batch (imported_at desc, id);
comment on table kernel.import_batch is 'Import | Files that were brought in one transaction.';
comment on column kernel.import_batch.id is 'Id';
comment on column kernel.import_batch.imported_at is 'Imported at';
comment on column kernel.import_batch.imported_by is 'Imported by';
comment on column kernel.import_batch.files is 'Files | What each held and what became of it.';

create table kernel.source_row (
  source     text not null,
  table_name text not null,
  key        text not null,
  hash       bytea not null,
  row_id     uuid not null,
  batch_id   uuid not null references kernel.import_batch,
  primary key (source, table_name, key)
);
create index on kernel.source_row (batch_id);
create index on kernel.source_row (row_id);
comment on table kernel.source_row is 'Source row | What was brought from elsewhere, so that the same row never acts twice.';
comment on column kernel.source_row.source is 'Source | Where it came from.';
comment on column kernel.source_row.table_name is 'Table | What it became.';
comment on column kernel.source_row.key is 'Key | What it was called there.';
comment on column kernel.source_row.hash is 'Hash | SHA-256 of what it held.';
comment on column kernel.source_row.row_id is 'Row | What it became here.';
comment on column kernel.source_row.batch_id is 'Import | The import that last brought it.';

-- Ordered by (changed_xid, id): a reader below the snapshot's xmin misses no late commit.
create table kernel.change (
  id          bigint generated always as identity primary key,
  changed_xid xid8 not null default pg_current_xact_id(),
  table_name  text not null,
  store_id    uuid,
  row_id      uuid,
  verb        text not null check (verb in ('insert', 'update')),
  changed_at  timestamptz not null default now()
);
create index on kernel.change (changed_xid, id);
comment on table kernel.change is 'Change | The feed that sync, live screens and webhooks read.';
comment on column kernel.change.id is 'Id';
comment on column kernel.change.changed_xid is 'Transaction | In which it was made.';
comment on column kernel.change.table_name is 'Table';
comment on column kernel.change.store_id is 'Store | Empty where the table has no store.';
comment on column kernel.change.row_id is 'Row | Empty where many rows changed at once.';
comment on column kernel.change.verb is 'Verb';
comment on column kernel.change.changed_at is 'Changed at';

create table kernel.translation (
  table_name text not null,
  row_id     uuid not null,
  column_name text not null,
  language   text not null check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]+)*$'),
  text       text not null,
  primary key (table_name, row_id, column_name, language)
);
comment on table kernel.translation is 'Translation | A name or text of a row in another language.';
comment on column kernel.translation.table_name is 'Table';
comment on column kernel.translation.row_id is 'Row';
comment on column kernel.translation.column_name is 'Column';
comment on column kernel.translation.language is 'Language | By BCP 47.';
comment on column kernel.translation.text is 'Text';

-- Personal columns go into the trail under a key of their party.
create table kernel.personal_column (
  table_name  text not null,
  column_name text not null,
  party_column text not null,
  primary key (table_name, column_name)
);
comment on table kernel.personal_column is 'Personal column | Columns that the trail keeps encrypted under their party’s key.';
comment on column kernel.personal_column.table_name is 'Table';
comment on column kernel.personal_column.column_name is 'Column';
comment on column kernel.personal_column.party_column is 'Party column | The column that says whose it is.';

-- Columns that the application role can't read; list() gives them to who has the permission.
create table kernel.guarded_column (
  table_name  text not null,
  column_name text not null,
  permission  text not null,
  primary key (table_name, column_name)
);
comment on table kernel.guarded_column is 'Guarded column | Columns that only list() gives, to who has the permission.';
comment on column kernel.guarded_column.table_name is 'Table';
comment on column kernel.guarded_column.column_name is 'Column';
comment on column kernel.guarded_column.permission is 'Permission';
