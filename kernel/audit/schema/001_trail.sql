-- Who did what. Only added to, by definer triggers; nobody may change it.

create table audit.request (
  id          uuid primary key default uuidv7(),
  made_in     xid8 not null default pg_current_xact_id(),
  made_at     timestamptz not null default now(),
  actor_id    uuid,
  approved_by uuid,
  operation   text not null,
  request_id  text,
  address     text
);
create unique index on audit.request (made_in) where made_in <> '0'::xid8;
create index on audit.request (made_at desc, id);
comment on table audit.request is 'Request | One transaction that wrote: who, what, from where.';
comment on column audit.request.id is 'Id';
comment on column audit.request.made_in is 'Transaction';
comment on column audit.request.made_at is 'Made at';
comment on column audit.request.actor_id is 'Actor';
comment on column audit.request.approved_by is 'Approved by';
comment on column audit.request.operation is 'Operation';
comment on column audit.request.request_id is 'Request id | The same in the browser’s message and in the log.';
comment on column audit.request.address is 'Address';

create table audit.change (
  id         bigint generated always as identity primary key,
  request_id uuid not null references audit.request,
  table_name text not null,
  row_id     uuid not null,
  store_id   uuid,
  verb       text not null check (verb in ('insert', 'update', 'delete')),
  version    integer,
  before     jsonb,
  after      jsonb,
  party_id   uuid,
  sealed     bytea
);
create index on audit.change (request_id);
create index on audit.change (table_name, row_id, id);
create index on audit.change (store_id, id) where store_id is not null;
comment on table audit.change is 'Change | A record’s changed columns, before and after.';
comment on column audit.change.id is 'Id';
comment on column audit.change.request_id is 'Request';
comment on column audit.change.table_name is 'Table';
comment on column audit.change.row_id is 'Row';
comment on column audit.change.store_id is 'Store | Whose row it is; empty where the table has no store.';
comment on column audit.change.verb is 'Verb';
comment on column audit.change.version is 'Version | The version that the row got by it.';
comment on column audit.change.before is 'Before | Changed columns only; an insert has none.';
comment on column audit.change.after is 'After';
comment on column audit.change.party_id is 'Party | Whose key opens what is sealed.';
comment on column audit.change.sealed is 'Sealed | Personal columns, before and after, encrypted.';

create table audit.party_key (
  party_id uuid primary key,
  key      bytea not null
);
comment on table audit.party_key is 'Party key | Opens a party’s personal columns in the trail; dropped when the person is erased.';
comment on column audit.party_key.party_id is 'Party';
comment on column audit.party_key.key is 'Key';
