-- What people say to each other about a record.

create table comments.comment (
  id         uuid primary key default uuidv7(),
  table_name text not null,
  row_id     uuid not null,
  -- No control character but a new line, nothing that turns the direction of writing.
  text       text not null check (length(text) between 1 and 4000 and text ~ '\S'
               and text !~ '[\x01-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]'),
  is_active  boolean not null default true,
  written_by uuid not null references identity.user,
  writer     text not null default '',
  written_at timestamptz not null default now(),
  version    integer not null default 1
);
create index on comments.comment (table_name, row_id, id);
create index on comments.comment (written_by);
comment on table comments.comment is 'Comment | What somebody wrote about a record: who may read the record may read it.';
comment on column comments.comment.id is 'Id';
comment on column comments.comment.table_name is 'Table';
comment on column comments.comment.row_id is 'Record';
comment on column comments.comment.text is 'Text';
comment on column comments.comment.is_active is 'Active | Off once its writer took it back.';
comment on column comments.comment.written_by is 'Written by';
comment on column comments.comment.writer is 'Writer | Their name then: not everybody who reads may see who the users are.';
comment on column comments.comment.written_at is 'Written at';
comment on column comments.comment.version is 'Version';
