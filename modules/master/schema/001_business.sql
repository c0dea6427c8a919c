-- The business itself, where it works, and whom it deals with.

create table master.company (
  id          uuid primary key default uuidv7(),
  name        text not null check (name <> ''),
  country     text not null default 'US' check (country ~ '^[A-Z]{2}$'),
  currency    kernel.currency not null references kernel.currency_code,
  fiscal_year_starts_month smallint not null default 1 check (fiscal_year_starts_month between 1 and 12),
  profile     text not null default 'retail',
  is_demo     boolean not null default false,
  custom      jsonb not null default '{}',
  version     integer not null default 1,
  recorded_at timestamptz not null default now()
);
create index on master.company (currency);
comment on table master.company is 'Company | The business that keeps these books.';
comment on column master.company.id is 'Id';
comment on column master.company.name is 'Name';
comment on column master.company.country is 'Country | By ISO 3166.';
comment on column master.company.currency is 'Currency | In which the books are kept.';
comment on column master.company.fiscal_year_starts_month is 'Fiscal year starts | The month’s number.';
comment on column master.company.profile is 'Profile | The kind of business it was set up as.';
comment on column master.company.is_demo is 'Demo | Made up to look around.';
comment on column master.company.custom is 'Own fields';
comment on column master.company.version is 'Version';
comment on column master.company.recorded_at is 'Recorded at';

create table master.tax_registration (
  id          uuid primary key default uuidv7(),
  company_id  uuid not null references master.company,
  name        text not null check (name <> ''),
  country     text not null check (country ~ '^[A-Z]{2}$'),
  region      text,
  number      text,
  valid_from_on date not null default '2000-01-01',
  version     integer not null default 1,
  recorded_at timestamptz not null default now(),
  unique (company_id, name),
  unique (id, company_id)
);
comment on table master.tax_registration is 'Tax registration | With a tax authority; India has one for each state.';
comment on column master.tax_registration.id is 'Id';
comment on column master.tax_registration.company_id is 'Company';
comment on column master.tax_registration.name is 'Name';
comment on column master.tax_registration.country is 'Country';
comment on column master.tax_registration.region is 'Region';
comment on column master.tax_registration.number is 'Number | As the authority gave it.';
comment on column master.tax_registration.valid_from_on is 'Valid from';
comment on column master.tax_registration.version is 'Version';
comment on column master.tax_registration.recorded_at is 'Recorded at';

create table master.store (
  id              uuid primary key default uuidv7(),
  company_id      uuid not null references master.company,
  registration_id uuid not null,
  code            text not null unique check (code ~ '^[A-Z0-9]{1,8}$'),
  name            text not null unique check (name <> ''),
  time_zone       text not null default 'UTC',
  phone           text,
  email           text,
  street          text,
  city            text,
  region          text,
  postal_code     text,
  country         text not null default 'US' check (country ~ '^[A-Z]{2}$'),
  is_active       boolean not null default true,
  custom          jsonb not null default '{}',
  version         integer not null default 1,
  recorded_at     timestamptz not null default now(),
  foreign key (registration_id, company_id) references master.tax_registration (id, company_id)
);
create index on master.store (company_id);
create index on master.store (registration_id, company_id);
comment on table master.store is 'Store | A place of business; has warehouses and tills.';
comment on column master.store.id is 'Id';
comment on column master.store.company_id is 'Company';
comment on column master.store.registration_id is 'Tax registration | Under which it sells.';
comment on column master.store.code is 'Code | Short, in the numbers of receipts.';
comment on column master.store.name is 'Name';
comment on column master.store.time_zone is 'Time zone | Decides which day a sale belongs to.';
comment on column master.store.phone is 'Phone';
comment on column master.store.email is 'E-mail';
comment on column master.store.street is 'Street';
comment on column master.store.city is 'City';
comment on column master.store.region is 'State or region';
comment on column master.store.postal_code is 'Postal code';
comment on column master.store.country is 'Country';
comment on column master.store.is_active is 'Active';
comment on column master.store.custom is 'Own fields';
comment on column master.store.version is 'Version';
comment on column master.store.recorded_at is 'Recorded at';

-- For who is typed in by hand; what is brought from elsewhere keeps its number.
create sequence master.party_number start 10001;
create sequence master.employee_number start 1001;

create table master.party (
  id           uuid primary key default uuidv7(),
  number       text not null unique default nextval('master.party_number')::text check (number <> ''),
  organisation text,
  first_name   text,
  last_name    text,
  name         text not null generated always as (
    coalesce(nullif(organisation, ''),
             nullif(btrim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')), ''))) stored,
  is_customer  boolean not null default true,
  is_supplier  boolean not null default false,
  is_active    boolean not null default true,
  note         text,
  custom       jsonb not null default '{}',
  version      integer not null default 1,
  recorded_at  timestamptz not null default now()
);
create index on master.party (name, id);
create index on master.party using gin (lower(name) extension.gin_trgm_ops);
comment on table master.party is 'Customer or supplier | A person or firm we deal with.';
comment on column master.party.id is 'Id';
comment on column master.party.number is 'Number';
comment on column master.party.organisation is 'Firm | Empty for a person.';
comment on column master.party.first_name is 'First name';
comment on column master.party.last_name is 'Last name';
comment on column master.party.name is 'Name';
comment on column master.party.is_customer is 'Customer';
comment on column master.party.is_supplier is 'Supplier';
comment on column master.party.is_active is 'Active';
comment on column master.party.note is 'Note';
comment on column master.party.custom is 'Own fields';
comment on column master.party.version is 'Version';
comment on column master.party.recorded_at is 'Recorded at';

create table master.contact_point (
  id         uuid primary key default uuidv7(),
  party_id   uuid not null references master.party,
  kind       text not null check (kind in ('phone', 'email')),
  value      text not null check (value <> ''),
  normalised text not null generated always as (
    case when kind = 'phone' then regexp_replace(value, '[^0-9+]', '', 'g') else lower(value) end) stored,
  is_active  boolean not null default true,
  version    integer not null default 1,
  unique (party_id, kind, value)
);
create index on master.contact_point (normalised, id);
comment on table master.contact_point is 'Phone or e-mail | How a party is reached.';
comment on column master.contact_point.id is 'Id';
comment on column master.contact_point.party_id is 'Customer or supplier';
comment on column master.contact_point.kind is 'Kind';
comment on column master.contact_point.value is 'Value';
comment on column master.contact_point.normalised is 'As searched | Digits only, or lower case.';
comment on column master.contact_point.is_active is 'Active';
comment on column master.contact_point.version is 'Version';

create table master.address (
  id          uuid primary key default uuidv7(),
  party_id    uuid not null references master.party,
  kind        text not null default 'main' check (kind in ('main', 'delivery', 'invoice')),
  street      text,
  city        text,
  region      text,
  postal_code text,
  country     text check (country ~ '^[A-Z]{2}$'),
  is_active   boolean not null default true,
  version     integer not null default 1,
  unique (party_id, kind)
);
comment on table master.address is 'Address | Where a party is found.';
comment on column master.address.id is 'Id';
comment on column master.address.party_id is 'Customer or supplier';
comment on column master.address.kind is 'Kind';
comment on column master.address.street is 'Street';
comment on column master.address.city is 'City';
comment on column master.address.region is 'State or region';
comment on column master.address.postal_code is 'Postal code';
comment on column master.address.country is 'Country';
comment on column master.address.is_active is 'Active';
comment on column master.address.version is 'Version';

create table master.employee (
  id          uuid primary key default uuidv7(),
  number      text not null unique default nextval('master.employee_number')::text check (number <> ''),
  store_id    uuid not null references master.store,
  first_name  text not null check (first_name <> ''),
  last_name   text,
  name        text not null generated always as (
    btrim(first_name || ' ' || coalesce(last_name, ''))) stored,
  email       text,
  phone       text,
  street      text,
  manager_id  uuid references master.employee check (manager_id <> id),
  user_id     uuid unique references identity.user,
  is_active   boolean not null default true,
  custom      jsonb not null default '{}',
  version     integer not null default 1,
  recorded_at timestamptz not null default now()
);
create index on master.employee (store_id, name);
create index on master.employee (name, id);
create index on master.employee (manager_id);
comment on table master.employee is 'Employee | A person who works here.';
comment on column master.employee.id is 'Id';
comment on column master.employee.number is 'Number';
comment on column master.employee.store_id is 'Store';
comment on column master.employee.first_name is 'First name';
comment on column master.employee.last_name is 'Last name';
comment on column master.employee.name is 'Name';
comment on column master.employee.email is 'E-mail';
comment on column master.employee.phone is 'Phone';
comment on column master.employee.street is 'Street';
comment on column master.employee.manager_id is 'Manager | To whom they report.';
comment on column master.employee.user_id is 'User | With which they sign in.';
comment on column master.employee.is_active is 'Active';
comment on column master.employee.custom is 'Own fields';
comment on column master.employee.version is 'Version';
comment on column master.employee.recorded_at is 'Recorded at';
