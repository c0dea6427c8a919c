-- What a till sold. A receipt is a fact: never changed, never removed; a wrong one is voided.

create table pos.till (
  id         uuid primary key default uuidv7(),
  store_id   uuid not null references master.store,
  code       text not null unique check (code ~ '^[A-Z0-9]{1,12}$'),
  name       text not null check (name <> ''),
  journal_id uuid references finance.journal,       -- always there: made with the till
  is_active  boolean not null default true,
  version    integer not null default 1,
  recorded_at timestamptz not null default now(),
  unique (store_id, name),
  unique (id, store_id)
);
create index on pos.till (journal_id);
comment on table pos.till is 'Till | A place that sells.';
comment on column pos.till.id is 'Id';
comment on column pos.till.store_id is 'Store';
comment on column pos.till.code is 'Code | Begins the numbers of its receipts.';
comment on column pos.till.name is 'Name';
comment on column pos.till.journal_id is 'Journal | Its own, so that tills don’t wait for each other.';
comment on column pos.till.is_active is 'Active';
comment on column pos.till.version is 'Version';
comment on column pos.till.recorded_at is 'Recorded at';

create table pos.till_claim (
  id         uuid primary key,                      -- made by the browser that sells here
  store_id   uuid not null,
  till_id    uuid not null,
  series     text not null check (series ~ '^[A-Z]{1,3}$'),
  claimed_at timestamptz not null default now(),
  claimed_by uuid not null,
  ended_at   timestamptz,
  foreign key (till_id, store_id) references pos.till (id, store_id),
  unique (till_id, series),
  unique (id, store_id)
);
create index on pos.till_claim (till_id, store_id);
create unique index one_claim on pos.till_claim (till_id) where ended_at is null;
comment on table pos.till_claim is 'Claim | A browser’s hold on a till, with a number series of its own.';
comment on column pos.till_claim.id is 'Id';
comment on column pos.till_claim.store_id is 'Store';
comment on column pos.till_claim.till_id is 'Till';
comment on column pos.till_claim.series is 'Series | The letter in the numbers of its receipts.';
comment on column pos.till_claim.claimed_at is 'Claimed at';
comment on column pos.till_claim.claimed_by is 'Claimed by';
comment on column pos.till_claim.ended_at is 'Ended at | When another took over.';

create table pos.till_session (
  id              uuid primary key,
  store_id        uuid not null,
  till_id         uuid not null,
  state           text not null default 'open' check (state in ('open', 'closed')),
  opened_at       timestamptz not null default now(),
  opened_by       uuid not null,
  opening_float   kernel.money not null check (opening_float >= 0),
  closed_at       timestamptz,
  closed_by       uuid,
  counted_amount  kernel.money check (counted_amount >= 0),
  expected_amount kernel.money,
  difference      numeric generated always as (counted_amount - expected_amount) stored,
  version         integer not null default 1,
  foreign key (till_id, store_id) references pos.till (id, store_id),
  unique (id, store_id),
  check ((state = 'closed') = (closed_at is not null and counted_amount is not null))
);
create unique index one_open_session on pos.till_session (till_id) where state = 'open';
create index on pos.till_session (till_id, store_id);
create index on pos.till_session (store_id, opened_at desc);
create index on pos.till_session (opened_at desc, id);
comment on table pos.till_session is 'Till session | From the float to the count.';
comment on column pos.till_session.id is 'Id';
comment on column pos.till_session.store_id is 'Store';
comment on column pos.till_session.till_id is 'Till';
comment on column pos.till_session.state is 'State';
comment on column pos.till_session.opened_at is 'Opened at';
comment on column pos.till_session.opened_by is 'Opened by';
comment on column pos.till_session.opening_float is 'Float | Cash in the drawer at the start.';
comment on column pos.till_session.closed_at is 'Closed at';
comment on column pos.till_session.closed_by is 'Closed by';
comment on column pos.till_session.counted_amount is 'Counted | Cash in the drawer at the end.';
comment on column pos.till_session.expected_amount is 'Expected | What should be there.';
comment on column pos.till_session.difference is 'Difference | Counted less expected.';
comment on column pos.till_session.version is 'Version';

create table pos.cash_movement (
  id              uuid primary key,
  store_id        uuid not null,
  till_session_id uuid not null,
  kind            text not null check (kind in ('in', 'out')),
  amount          kernel.money not null check (amount > 0),
  reason          text not null check (reason <> ''),
  happened_at     timestamptz not null default now(),
  business_on     date not null,
  recorded_at     timestamptz not null,
  recorded_by     uuid not null,
  made_in         xid8 not null,
  request_id      uuid not null,
  foreign key (till_session_id, store_id) references pos.till_session (id, store_id)
);
create index on pos.cash_movement (till_session_id, store_id);
create index on pos.cash_movement (store_id, business_on desc, id);
comment on table pos.cash_movement is 'Cash in or out | Money that moved without a sale.';
comment on column pos.cash_movement.id is 'Id';
comment on column pos.cash_movement.store_id is 'Store';
comment on column pos.cash_movement.till_session_id is 'Session';
comment on column pos.cash_movement.kind is 'Kind';
comment on column pos.cash_movement.amount is 'Amount';
comment on column pos.cash_movement.reason is 'Reason';
comment on column pos.cash_movement.happened_at is 'Happened at';
comment on column pos.cash_movement.business_on is 'Day';
comment on column pos.cash_movement.recorded_at is 'Recorded at';
comment on column pos.cash_movement.recorded_by is 'Recorded by';
comment on column pos.cash_movement.made_in is 'Transaction';
comment on column pos.cash_movement.request_id is 'Request';

create table pos.receipt (
  id                 uuid primary key,              -- made by the till: a repeat is the same receipt
  store_id           uuid not null,
  till_claim_id      uuid not null,
  till_session_id    uuid not null,
  number             bigint not null check (number > 0),
  reference          text not null unique,
  kind               text not null generated always as (
    case when voids_id is not null then 'void' when returns_id is not null then 'return'
         else 'sale' end) stored,
  returns_id         uuid references pos.receipt,
  voids_id           uuid unique references pos.receipt, -- unique: nothing is voided twice
  party_id           uuid references master.party,
  reason             text,
  happened_at        timestamptz not null,
  business_on        date not null,
  recorded_at        timestamptz not null,
  recorded_by        uuid not null,
  currency           kernel.currency not null,
  price_includes_tax boolean not null default false,
  discount_fraction  kernel.fraction not null default 0,
  net_amount         kernel.money not null,
  tax_amount         kernel.money not null,
  gross_amount       kernel.money not null generated always as (net_amount + tax_amount) stored,
  body_hash          bytea not null,
  made_in            xid8 not null,
  request_id         uuid not null,
  foreign key (till_claim_id, store_id) references pos.till_claim (id, store_id),
  foreign key (till_session_id, store_id) references pos.till_session (id, store_id),
  unique (till_claim_id, number),                   -- a gap is a finding; a double can't be
  unique (id, store_id),
  check (returns_id is null or voids_id is null)
);
create index on pos.receipt (store_id, business_on desc, id);
create index on pos.receipt (business_on desc, id);
create index on pos.receipt (gross_amount, id);
create index on pos.receipt (happened_at, id);
create index on pos.receipt (till_session_id, store_id);
create index on pos.receipt (party_id, business_on) where party_id is not null;
create index on pos.receipt (returns_id) where returns_id is not null;
create index on pos.receipt using gin (lower(reference) extension.gin_trgm_ops);
comment on table pos.receipt is 'Receipt | One sale, as the customer holds it.';
comment on column pos.receipt.id is 'Id';
comment on column pos.receipt.store_id is 'Store';
comment on column pos.receipt.till_claim_id is 'Claim';
comment on column pos.receipt.till_session_id is 'Session';
comment on column pos.receipt.number is 'Running number | Of its till and series.';
comment on column pos.receipt.reference is 'Number | Till, series and running number.';
comment on column pos.receipt.kind is 'Kind';
comment on column pos.receipt.returns_id is 'Takes back from | The receipt that goods come back from.';
comment on column pos.receipt.voids_id is 'Voids | The receipt that this one takes back whole.';
comment on column pos.receipt.party_id is 'Customer';
comment on column pos.receipt.reason is 'Reason';
comment on column pos.receipt.happened_at is 'Time';
comment on column pos.receipt.business_on is 'Day | The store’s own day.';
comment on column pos.receipt.recorded_at is 'Recorded at';
comment on column pos.receipt.recorded_by is 'Cashier';
comment on column pos.receipt.currency is 'Currency';
comment on column pos.receipt.price_includes_tax is 'Prices include tax';
comment on column pos.receipt.discount_fraction is 'Discount | On the whole, spread over the lines.';
comment on column pos.receipt.net_amount is 'Net';
comment on column pos.receipt.tax_amount is 'Tax';
comment on column pos.receipt.gross_amount is 'Total | What the customer pays, taxes included.';
comment on column pos.receipt.body_hash is 'Body hash | SHA-256 of what the till sent.';
comment on column pos.receipt.made_in is 'Transaction';
comment on column pos.receipt.request_id is 'Request';

create table pos.receipt_line (
  id                uuid primary key default uuidv7(),
  store_id          uuid not null,
  receipt_id        uuid not null,
  position          smallint not null check (position between 1 and 500),
  product_id        uuid not null references catalog.product,
  quantity          kernel.quantity not null check (quantity <> 0),
  unit_price        kernel.money not null check (unit_price >= 0),
  discount_fraction kernel.fraction not null default 0,
  discount_amount   kernel.money not null default 0,
  net_amount        kernel.money not null,
  tax_amount        kernel.money not null,
  gross_amount      kernel.money not null generated always as (net_amount + tax_amount) stored,
  reverses_line_id  uuid references pos.receipt_line,
  foreign key (receipt_id, store_id) references pos.receipt (id, store_id),
  unique (receipt_id, position),
  unique (id, store_id),
  check (quantity > 0 or reverses_line_id is not null)
);
create index on pos.receipt_line (product_id, receipt_id);
create index on pos.receipt_line (reverses_line_id) where reverses_line_id is not null;
comment on table pos.receipt_line is 'Receipt line | Goods on a receipt.';
comment on column pos.receipt_line.id is 'Id';
comment on column pos.receipt_line.store_id is 'Store';
comment on column pos.receipt_line.receipt_id is 'Receipt';
comment on column pos.receipt_line.position is 'Position';
comment on column pos.receipt_line.product_id is 'Product';
comment on column pos.receipt_line.quantity is 'Quantity';
comment on column pos.receipt_line.unit_price is 'Price';
comment on column pos.receipt_line.discount_fraction is 'Discount | On this line.';
comment on column pos.receipt_line.discount_amount is 'Discount amount | On this line, with its part of the sale’s.';
comment on column pos.receipt_line.net_amount is 'Net';
comment on column pos.receipt_line.tax_amount is 'Tax';
comment on column pos.receipt_line.gross_amount is 'Total';
comment on column pos.receipt_line.reverses_line_id is 'Takes back | The line whose goods come back.';

create table pos.receipt_tax (
  id              uuid primary key default uuidv7(),
  store_id        uuid not null,
  receipt_line_id uuid not null,
  tax_id          uuid not null references catalog.tax,
  base_amount     kernel.money not null,
  tax_amount      kernel.money not null,
  foreign key (receipt_line_id, store_id) references pos.receipt_line (id, store_id),
  unique (receipt_line_id, tax_id)
);
create index on pos.receipt_tax (tax_id);
comment on table pos.receipt_tax is 'Receipt tax | A tax on a line.';
comment on column pos.receipt_tax.id is 'Id';
comment on column pos.receipt_tax.store_id is 'Store';
comment on column pos.receipt_tax.receipt_line_id is 'Line';
comment on column pos.receipt_tax.tax_id is 'Tax';
comment on column pos.receipt_tax.base_amount is 'On';
comment on column pos.receipt_tax.tax_amount is 'Tax amount';

create table pos.payment (
  id            uuid primary key default uuidv7(),
  store_id      uuid not null,
  receipt_id    uuid not null,
  position      smallint not null check (position between 1 and 20),
  method        text not null check (method in ('cash', 'card', 'transfer', 'store_credit')),
  amount        kernel.money not null check (amount <> 0),
  tendered      kernel.money check (tendered is null or method = 'cash' and tendered >= amount),
  approval_code text check (length(approval_code) <= 40),
  foreign key (receipt_id, store_id) references pos.receipt (id, store_id),
  unique (receipt_id, position)
);
comment on table pos.payment is 'Payment | Money taken or given back for a receipt.';
comment on column pos.payment.id is 'Id';
comment on column pos.payment.store_id is 'Store';
comment on column pos.payment.receipt_id is 'Receipt';
comment on column pos.payment.position is 'Position';
comment on column pos.payment.method is 'Method';
comment on column pos.payment.amount is 'Amount';
comment on column pos.payment.tendered is 'Tendered | Cash given; what is over is change.';
comment on column pos.payment.approval_code is 'Approval code | Of the card terminal.';
