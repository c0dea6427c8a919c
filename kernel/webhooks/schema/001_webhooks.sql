-- Who elsewhere is told of changes, and what became of each telling.

create table webhooks.endpoint (
  id            uuid primary key default uuidv7(),
  name          text not null check (name <> '' and length(name) <= 100),
  url           text not null check (url ~ '^https?://[^\s@]+$' and length(url) <= 2000),
  tables        text[] not null check (cardinality(tables) between 1 and 50),
  with_row      boolean not null default false,
  is_active     boolean not null default true,
  owner_id      uuid not null references identity.user,
  failing_since timestamptz,
  made_at       timestamptz not null default now(),
  version       integer not null default 1
);
create index on webhooks.endpoint (owner_id);
comment on table webhooks.endpoint is 'Webhook | An address elsewhere that is told of changes.';
comment on column webhooks.endpoint.id is 'Id';
comment on column webhooks.endpoint.name is 'Name';
comment on column webhooks.endpoint.url is 'Address';
comment on column webhooks.endpoint.tables is 'Tables | Of which changes it is told.';
comment on column webhooks.endpoint.with_row is 'With the row | As its owner may see it when it is sent.';
comment on column webhooks.endpoint.is_active is 'On';
comment on column webhooks.endpoint.owner_id is 'Owner | With whose rights it is told.';
comment on column webhooks.endpoint.failing_since is 'Failing since | After a day it is switched off.';
comment on column webhooks.endpoint.made_at is 'Made at';
comment on column webhooks.endpoint.version is 'Version';

create table webhooks.secret (
  endpoint_id uuid primary key references webhooks.endpoint,
  key         bytea not null check (length(key) between 24 and 64)
);
comment on table webhooks.secret is 'Webhook’s secret | Signs what is sent; shown once, when it is made.';
comment on column webhooks.secret.endpoint_id is 'Webhook';
comment on column webhooks.secret.key is 'Key';

-- How far the feed was read. The numbers of transactions mean something in one cluster only.
create table webhooks.cursor (
  endpoint_id uuid primary key references webhooks.endpoint,
  cluster     text not null,
  changed_xid xid8 not null,
  change_id   bigint not null
);
comment on table webhooks.cursor is 'Webhook’s place | How far the feed of changes was read for it.';
comment on column webhooks.cursor.endpoint_id is 'Webhook';
comment on column webhooks.cursor.cluster is 'Cluster | In which the numbers hold.';
comment on column webhooks.cursor.changed_xid is 'Transaction';
comment on column webhooks.cursor.change_id is 'Change';

create table webhooks.delivery (
  id             uuid primary key default uuidv7(),
  endpoint_id    uuid not null references webhooks.endpoint,
  event          text not null check (length(event) <= 200),
  turn           bigint generated always as identity,
  table_name     text not null,
  row_id         uuid,
  store_id       uuid,
  verb           text not null check (verb in ('insert', 'update', 'test')),
  changed_at     timestamptz not null,
  state          text not null default 'waiting'
                   check (state in ('waiting', 'sent', 'failed', 'hidden')),
  attempt        integer not null default 0,
  next_at        timestamptz not null default now(),
  status         integer,
  response_start text check (length(response_start) <= 500),
  first_tried_at timestamptz,
  ended_at       timestamptz
);
create index on webhooks.delivery (endpoint_id, turn) where state = 'waiting';
create index on webhooks.delivery (endpoint_id, changed_at desc);
create index on webhooks.delivery (changed_at desc, id);
create index on webhooks.delivery (ended_at) where ended_at is not null;
comment on table webhooks.delivery is 'Delivery | One event for one webhook, and what the other side answered.';
comment on column webhooks.delivery.id is 'Id';
comment on column webhooks.delivery.endpoint_id is 'Webhook';
comment on column webhooks.delivery.event is 'Event | The same when it is sent again.';
comment on column webhooks.delivery.turn is 'Turn | They are sent in this order.';
comment on column webhooks.delivery.table_name is 'Table';
comment on column webhooks.delivery.row_id is 'Record | Empty where many changed at once.';
comment on column webhooks.delivery.store_id is 'Store';
comment on column webhooks.delivery.verb is 'Verb';
comment on column webhooks.delivery.changed_at is 'Changed at';
comment on column webhooks.delivery.state is 'State | Hidden is what the webhook’s owner may not see.';
comment on column webhooks.delivery.attempt is 'Attempt';
comment on column webhooks.delivery.next_at is 'Next attempt at';
comment on column webhooks.delivery.status is 'Status | As the other side answered; empty where nobody did.';
comment on column webhooks.delivery.response_start is 'Answer | How it begins, or why there is none.';
comment on column webhooks.delivery.first_tried_at is 'First tried at';
comment on column webhooks.delivery.ended_at is 'Ended at';
