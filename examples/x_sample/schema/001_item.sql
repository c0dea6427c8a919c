-- Things that somebody keeps a list of, each with a day by which it is wanted.
create table x_sample.item (
  id          uuid primary key default uuidv7(),
  name        text collate "und-x-icu" not null check (length(name) between 1 and 200),
  party_id    uuid references master.party,
  wanted_on   date,
  quantity    kernel.quantity not null default 1 check (quantity > 0),
  state       text not null default 'open' check (state in ('open', 'done')),
  note        text,
  is_active   boolean not null default true,
  version     integer not null default 1,
  custom      jsonb not null default '{}',
  recorded_at timestamptz not null default now()
);
create index on x_sample.item (name, id);
create index on x_sample.item (wanted_on, id);
create index on x_sample.item (party_id);
create index on x_sample.item using gin (name extension.gin_trgm_ops);
comment on table x_sample.item is 'Item | One thing of the sample.';
comment on column x_sample.item.id is 'Id';
comment on column x_sample.item.name is 'Name | What it is called.';
comment on column x_sample.item.party_id is 'Customer | For whom it is.';
comment on column x_sample.item.wanted_on is 'Wanted on | The day by which it is wanted.';
comment on column x_sample.item.quantity is 'Quantity | How many of it.';
comment on column x_sample.item.state is 'State | Open until it is finished.';
comment on column x_sample.item.note is 'Note';
comment on column x_sample.item.is_active is 'Active | Archived where not.';
comment on column x_sample.item.version is 'Version';
comment on column x_sample.item.custom is 'Custom fields';
comment on column x_sample.item.recorded_at is 'Recorded at';
