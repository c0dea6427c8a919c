-- How much is where. Moves are the truth and only added; levels are kept from them.

create table inventory.warehouse (
  id        uuid primary key default uuidv7(),
  store_id  uuid not null references master.store,
  name      text not null check (name <> ''),
  is_active boolean not null default true,
  version   integer not null default 1,
  recorded_at timestamptz not null default now(),
  unique (store_id, name),
  unique (id, store_id)
);
comment on table inventory.warehouse is 'Warehouse | A place of a store that holds stock.';
comment on column inventory.warehouse.id is 'Id';
comment on column inventory.warehouse.store_id is 'Store';
comment on column inventory.warehouse.name is 'Name';
comment on column inventory.warehouse.is_active is 'Active';
comment on column inventory.warehouse.version is 'Version';
comment on column inventory.warehouse.recorded_at is 'Recorded at';

create table inventory.location (
  id           uuid primary key default uuidv7(),
  store_id     uuid not null,
  warehouse_id uuid not null,
  name         text not null check (name <> ''),
  kind         text not null check (kind in ('shelf', 'store_room')),
  is_active    boolean not null default true,
  version      integer not null default 1,
  recorded_at  timestamptz not null default now(),
  foreign key (warehouse_id, store_id) references inventory.warehouse (id, store_id),
  unique (warehouse_id, name),
  unique (id, store_id)
);
create index on inventory.location (store_id, kind);
create index on inventory.location (warehouse_id, store_id);
comment on table inventory.location is 'Location | A place inside a warehouse.';
comment on column inventory.location.id is 'Id';
comment on column inventory.location.store_id is 'Store';
comment on column inventory.location.warehouse_id is 'Warehouse';
comment on column inventory.location.name is 'Name';
comment on column inventory.location.kind is 'Kind | Tills sell from a shelf, which may go below zero; a store room may not.';
comment on column inventory.location.is_active is 'Active';
comment on column inventory.location.version is 'Version';
comment on column inventory.location.recorded_at is 'Recorded at';

create table inventory.stock_move (
  id           uuid primary key default uuidv7(),
  store_id     uuid not null,
  location_id  uuid not null,
  product_id   uuid not null references catalog.product,
  quantity     kernel.quantity not null,
  unit_cost    kernel.money,
  value_amount numeric,
  reason       text not null check (reason in ('opening', 'sale', 'return', 'count', 'revaluation')),
  source_table text not null,
  source_id    uuid not null,
  happened_at  timestamptz not null,
  business_on  date not null,
  recorded_at  timestamptz not null,
  recorded_by  uuid not null,
  made_in      xid8 not null,
  request_id   uuid not null,
  foreign key (location_id, store_id) references inventory.location (id, store_id),
  check (quantity <> 0 or reason = 'revaluation')
);
create index on inventory.stock_move (store_id, business_on desc, id);
create index on inventory.stock_move (product_id, id);
create index on inventory.stock_move (location_id, store_id);
create index on inventory.stock_move (source_id);
comment on table inventory.stock_move is 'Stock move | So many in or out of a place; done once written.';
comment on column inventory.stock_move.id is 'Id';
comment on column inventory.stock_move.store_id is 'Store';
comment on column inventory.stock_move.location_id is 'Location';
comment on column inventory.stock_move.product_id is 'Product';
comment on column inventory.stock_move.quantity is 'Quantity | In is positive, out is negative.';
comment on column inventory.stock_move.unit_cost is 'Cost | Of one; empty where unknown.';
comment on column inventory.stock_move.value_amount is 'Value | What the move adds to the stock’s worth.';
comment on column inventory.stock_move.reason is 'Reason';
comment on column inventory.stock_move.source_table is 'Document | Its kind.';
comment on column inventory.stock_move.source_id is 'Document id';
comment on column inventory.stock_move.happened_at is 'Happened at';
comment on column inventory.stock_move.business_on is 'Day | The store’s own.';
comment on column inventory.stock_move.recorded_at is 'Recorded at';
comment on column inventory.stock_move.recorded_by is 'Recorded by';
comment on column inventory.stock_move.made_in is 'Transaction';
comment on column inventory.stock_move.request_id is 'Request';

create table inventory.stock_level (
  id           uuid primary key default uuidv7(),
  store_id     uuid not null,
  location_id  uuid not null,
  product_id   uuid not null references catalog.product,
  on_hand      kernel.quantity not null default 0,
  reserved     kernel.quantity not null default 0 check (reserved >= 0),
  available    numeric generated always as (on_hand - reserved) stored,
  value_amount numeric not null default 0,
  foreign key (location_id, store_id) references inventory.location (id, store_id),
  unique (location_id, product_id)
);
create index on inventory.stock_level (store_id, product_id);
create index on inventory.stock_level (product_id, id);
create index on inventory.stock_level (on_hand, id);
comment on table inventory.stock_level is 'Stock | How much of a product is in a place: the sum of its moves.';
comment on column inventory.stock_level.id is 'Id';
comment on column inventory.stock_level.store_id is 'Store';
comment on column inventory.stock_level.location_id is 'Location';
comment on column inventory.stock_level.product_id is 'Product';
comment on column inventory.stock_level.on_hand is 'On hand';
comment on column inventory.stock_level.reserved is 'Reserved';
comment on column inventory.stock_level.available is 'Available | On hand less reserved.';
comment on column inventory.stock_level.value_amount is 'Value';

-- Goods as they go or come, with what they are worth: between functions, not kept.
create type inventory.goods as (
  product_id   uuid,
  quantity     numeric,
  unit_cost    numeric,
  value_amount numeric
);

create table inventory.reorder_rule (
  id         uuid primary key default uuidv7(),
  store_id   uuid not null references master.store,
  product_id uuid not null references catalog.product,
  minimum    kernel.quantity not null check (minimum >= 0),
  is_active  boolean not null default true,
  version    integer not null default 1,
  recorded_at timestamptz not null default now(),
  unique (store_id, product_id)
);
create index on inventory.reorder_rule (product_id);
comment on table inventory.reorder_rule is 'Reorder rule | When a store should buy more.';
comment on column inventory.reorder_rule.id is 'Id';
comment on column inventory.reorder_rule.store_id is 'Store';
comment on column inventory.reorder_rule.product_id is 'Product';
comment on column inventory.reorder_rule.minimum is 'Minimum | Below this it is low.';
comment on column inventory.reorder_rule.is_active is 'Active';
comment on column inventory.reorder_rule.version is 'Version';
comment on column inventory.reorder_rule.recorded_at is 'Recorded at';

create table inventory.stock_count (
  id          uuid primary key default uuidv7(),
  store_id    uuid not null references master.store,
  number      text not null default '',
  state       text not null default 'draft' check (state in ('draft', 'posted', 'cancelled')),
  reason      text not null default 'count' check (reason in ('opening', 'count')),
  version     integer not null default 1,
  recorded_at timestamptz not null default now(),
  unique (id, store_id)
);
create unique index on inventory.stock_count (number, store_id);
create index on inventory.stock_count (store_id, recorded_at desc);
create index on inventory.stock_count (recorded_at desc, id);
comment on table inventory.stock_count is 'Stock count | What was counted; posting it moves the difference.';
comment on column inventory.stock_count.id is 'Id';
comment on column inventory.stock_count.store_id is 'Store';
comment on column inventory.stock_count.number is 'Number';
comment on column inventory.stock_count.state is 'State';
comment on column inventory.stock_count.reason is 'Reason';
comment on column inventory.stock_count.version is 'Version';
comment on column inventory.stock_count.recorded_at is 'Recorded at';

create table inventory.stock_count_line (
  id             uuid primary key default uuidv7(),
  store_id       uuid not null,
  stock_count_id uuid not null,
  product_id     uuid not null references catalog.product,
  counted        kernel.quantity not null,
  foreign key (stock_count_id, store_id) references inventory.stock_count (id, store_id),
  unique (stock_count_id, product_id)
);
create index on inventory.stock_count_line (product_id);
comment on table inventory.stock_count_line is 'Counted | So many of a product.';
comment on column inventory.stock_count_line.id is 'Id';
comment on column inventory.stock_count_line.store_id is 'Store';
comment on column inventory.stock_count_line.stock_count_id is 'Count';
comment on column inventory.stock_count_line.product_id is 'Product';
comment on column inventory.stock_count_line.counted is 'Counted';
