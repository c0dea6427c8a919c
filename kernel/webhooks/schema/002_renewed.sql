-- Which changes an endpoint is told of, and secrets that were renewed: what signed before signs beside
-- the new one for a day, so that the other side can change over without missing anything.
alter table webhooks.endpoint
  add column verbs text[] not null default '{insert,update}'
    check (cardinality(verbs) between 1 and 2 and verbs <@ array['insert', 'update']),
  add column secret_made_at timestamptz not null default now();
update webhooks.endpoint set secret_made_at = made_at;
comment on column webhooks.endpoint.verbs is 'Changes | Of new records (insert), of changed ones (update), or of both.';
comment on column webhooks.endpoint.secret_made_at is 'Secret of | When it was made; the one before is good for a day more.';

create table webhooks.former_secret (
  id          uuid primary key default uuidv7(),
  endpoint_id uuid not null references webhooks.endpoint,
  key         bytea not null check (length(key) between 24 and 64),
  valid_until timestamptz not null default now() + interval '24 hours'
);
create index on webhooks.former_secret (endpoint_id, valid_until);
comment on table webhooks.former_secret is 'Webhook’s former secret | Signs beside the new one until it ends.';
comment on column webhooks.former_secret.id is 'Id';
comment on column webhooks.former_secret.endpoint_id is 'Webhook';
comment on column webhooks.former_secret.key is 'Key';
comment on column webhooks.former_secret.valid_until is 'Valid until';
