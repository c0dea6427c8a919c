-- Double entry: an entry balances, and once posted it stands.

create table finance.account (
  id         uuid primary key default uuidv7(),
  company_id uuid not null references master.company,
  number     text not null check (number ~ '^[0-9A-Z.-]{1,20}$'),
  name       text not null check (name <> ''),
  kind       text not null check (kind in ('asset', 'liability', 'equity', 'income', 'expense')),
  purpose    text check (purpose in ('cash', 'card', 'transfer', 'store_credit', 'sales', 'tax_payable',
    'stock', 'cost_of_goods', 'stock_difference', 'cash_difference', 'opening_balance', 'cash_transit')),
  is_active  boolean not null default true,
  version    integer not null default 1,
  recorded_at timestamptz not null default now(),
  unique (company_id, number),
  unique (company_id, purpose),
  unique (id, company_id)
);
create index on finance.account (number, id);
comment on table finance.account is 'Account | A line of the chart of accounts.';
comment on column finance.account.id is 'Id';
comment on column finance.account.company_id is 'Company';
comment on column finance.account.number is 'Number';
comment on column finance.account.name is 'Name';
comment on column finance.account.kind is 'Kind';
comment on column finance.account.purpose is 'Purpose | What Kontor posts here by itself.';
comment on column finance.account.is_active is 'Active';
comment on column finance.account.version is 'Version';
comment on column finance.account.recorded_at is 'Recorded at';

create table finance.journal (
  id         uuid primary key default uuidv7(),
  company_id uuid not null references master.company,
  store_id   uuid references master.store,
  code       text not null check (code <> ''),
  name       text not null check (name <> ''),
  is_active  boolean not null default true,
  version    integer not null default 1,
  recorded_at timestamptz not null default now(),
  unique (company_id, code),
  unique (id, company_id)
);
create index on finance.journal (store_id);
comment on table finance.journal is 'Journal | A book of entries; each till has its own.';
comment on column finance.journal.id is 'Id';
comment on column finance.journal.company_id is 'Company';
comment on column finance.journal.store_id is 'Store';
comment on column finance.journal.code is 'Code';
comment on column finance.journal.name is 'Name';
comment on column finance.journal.is_active is 'Active';
comment on column finance.journal.version is 'Version';
comment on column finance.journal.recorded_at is 'Recorded at';

create table finance.period (
  id         uuid primary key default uuidv7(),
  company_id uuid not null references master.company,
  starts_on  date not null,
  ends_on    date not null,
  state      text not null default 'open' check (state in ('open', 'closed')),
  name       text not null generated always as (
    extract(year from starts_on)::text || '-' || lpad(extract(month from starts_on)::text, 2, '0')) stored,
  version    integer not null default 1,
  recorded_at timestamptz not null default now(),
  check (starts_on <= ends_on),
  exclude using gist (company_id with =, daterange(starts_on, ends_on, '[]') with &&)
);
create index on finance.period (company_id, starts_on);
create index on finance.period (starts_on, id);
comment on table finance.period is 'Period | A stretch of days that is closed as one.';
comment on column finance.period.id is 'Id';
comment on column finance.period.company_id is 'Company';
comment on column finance.period.starts_on is 'From';
comment on column finance.period.ends_on is 'To';
comment on column finance.period.state is 'State';
comment on column finance.period.name is 'Name';
comment on column finance.period.version is 'Version';
comment on column finance.period.recorded_at is 'Recorded at';

create table finance.journal_entry (
  id           uuid primary key default uuidv7(),
  company_id   uuid not null references master.company,
  store_id     uuid references master.store,
  journal_id   uuid not null,
  number       text not null check (number <> ''),
  happened_at  timestamptz not null,
  business_on  date not null,
  posted_on    date not null,
  text         text not null default '',
  source_table text not null,
  source_id    uuid not null,
  recorded_at  timestamptz not null,
  recorded_by  uuid not null,
  made_in      xid8 not null,
  request_id   uuid not null,
  foreign key (journal_id, company_id) references finance.journal (id, company_id),
  unique (journal_id, number),
  unique (id, company_id)
);
create index on finance.journal_entry (store_id, posted_on desc, id);
create index on finance.journal_entry (posted_on desc, id);
create index on finance.journal_entry (company_id);
create index on finance.journal_entry (source_id);
comment on table finance.journal_entry is 'Journal entry | A booking; once posted it stands.';
comment on column finance.journal_entry.id is 'Id';
comment on column finance.journal_entry.company_id is 'Company';
comment on column finance.journal_entry.store_id is 'Store | Empty where it is the company’s own.';
comment on column finance.journal_entry.journal_id is 'Journal';
comment on column finance.journal_entry.number is 'Number';
comment on column finance.journal_entry.happened_at is 'Happened at';
comment on column finance.journal_entry.business_on is 'Day | The store’s own.';
comment on column finance.journal_entry.posted_on is 'Posted on | The day in the books.';
comment on column finance.journal_entry.text is 'Text';
comment on column finance.journal_entry.source_table is 'Document | Its kind.';
comment on column finance.journal_entry.source_id is 'Document id';
comment on column finance.journal_entry.recorded_at is 'Recorded at';
comment on column finance.journal_entry.recorded_by is 'Recorded by';
comment on column finance.journal_entry.made_in is 'Transaction';
comment on column finance.journal_entry.request_id is 'Request';

create table finance.journal_line (
  id               uuid primary key default uuidv7(),
  company_id       uuid not null,
  store_id         uuid references master.store,
  journal_entry_id uuid not null,
  position         smallint not null check (position > 0),
  account_id       uuid not null,
  party_id         uuid references master.party,
  posted_on        date not null,
  debit            kernel.money not null default 0 check (debit >= 0),
  credit           kernel.money not null default 0 check (credit >= 0),
  currency         kernel.currency not null,
  currency_amount  kernel.money not null,
  rate             numeric not null default 1 check (rate > 0 and rate < 'Infinity'),
  source_table     text not null,
  source_id        uuid not null,
  cost_center      text,
  foreign key (journal_entry_id, company_id) references finance.journal_entry (id, company_id),
  foreign key (account_id, company_id) references finance.account (id, company_id),
  unique (journal_entry_id, position),
  check (debit = 0 or credit = 0)
);
create index on finance.journal_line (account_id, posted_on) include (debit, credit);
create index on finance.journal_line (posted_on desc, id);
create index on finance.journal_line (party_id) where party_id is not null;
create index on finance.journal_line (store_id, posted_on);
comment on table finance.journal_line is 'Entry line | One side of a booking.';
comment on column finance.journal_line.id is 'Id';
comment on column finance.journal_line.company_id is 'Company';
comment on column finance.journal_line.store_id is 'Store';
comment on column finance.journal_line.journal_entry_id is 'Entry';
comment on column finance.journal_line.position is 'Position';
comment on column finance.journal_line.account_id is 'Account';
comment on column finance.journal_line.party_id is 'Customer or supplier';
comment on column finance.journal_line.posted_on is 'Posted on';
comment on column finance.journal_line.debit is 'Debit | In the company’s currency.';
comment on column finance.journal_line.credit is 'Credit | In the company’s currency.';
comment on column finance.journal_line.currency is 'Currency | Of what happened.';
comment on column finance.journal_line.currency_amount is 'Amount | In that currency; debit is positive.';
comment on column finance.journal_line.rate is 'Rate | Company currency for one of that currency.';
comment on column finance.journal_line.source_table is 'Document | Its kind.';
comment on column finance.journal_line.source_id is 'Document id';
comment on column finance.journal_line.cost_center is 'Cost centre';
