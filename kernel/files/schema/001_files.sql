-- Files on records. The bytes lie by their SHA-256 in the data home or in a store of objects.

create table files.content (
  hash      text primary key check (hash ~ '^[0-9a-f]{64}$'),
  size      bigint not null check (size > 0),
  stored_at timestamptz not null default now()
);
create index on files.content (stored_at);
comment on table files.content is 'Stored file | Bytes that are kept once, however many records have them.';
comment on column files.content.hash is 'Hash | SHA-256 of the bytes.';
comment on column files.content.size is 'Size | In bytes.';
comment on column files.content.stored_at is 'Stored at | Last brought then.';

create table files.upload (
  id           uuid primary key default uuidv7(),
  hash         text not null references files.content,
  actor_id     uuid not null,
  name         text not null,
  content_type text not null,
  uploaded_at  timestamptz not null default now()
);
create index on files.upload (hash);
comment on table files.upload is 'Upload | That somebody had these bytes in their hands; only they can attach them.';
comment on column files.upload.id is 'Id';
comment on column files.upload.hash is 'Hash';
comment on column files.upload.actor_id is 'Actor';
comment on column files.upload.name is 'Name';
comment on column files.upload.content_type is 'Type';
comment on column files.upload.uploaded_at is 'Uploaded at';

create table files.attachment (
  id           uuid primary key default uuidv7(),
  table_name   text not null,
  row_id       uuid not null,
  position     integer not null check (position > 0),
  -- No path, no control character, nothing that turns the direction of writing.
  name         text not null check (length(name) between 1 and 200
                 and name !~ '[/\\\x01-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]'),
  content_type text not null,
  size         bigint not null,
  hash         text not null references files.content,
  is_active    boolean not null default true,
  attached_by  uuid not null references identity.user,
  attached_at  timestamptz not null default now(),
  detached_at  timestamptz,
  version      integer not null default 1,
  unique (table_name, row_id, position)
);
create index on files.attachment (hash);
create index on files.attachment (attached_by);
create index on files.attachment (attached_at desc, id);
create index on files.attachment (detached_at) where not is_active;
comment on table files.attachment is 'File | A file on a record: who may read the record may read it.';
comment on column files.attachment.id is 'Id';
comment on column files.attachment.table_name is 'Table';
comment on column files.attachment.row_id is 'Record';
comment on column files.attachment.position is 'Position';
comment on column files.attachment.name is 'Name';
comment on column files.attachment.content_type is 'Type';
comment on column files.attachment.size is 'Size | In bytes.';
comment on column files.attachment.hash is 'Hash | SHA-256 of its bytes.';
comment on column files.attachment.is_active is 'Active | Off once it was removed; brought back within 30 days.';
comment on column files.attachment.attached_by is 'Attached by';
comment on column files.attachment.attached_at is 'Attached at';
comment on column files.attachment.detached_at is 'Removed at';
comment on column files.attachment.version is 'Version';
