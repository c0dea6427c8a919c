-- What is sold, in what groups, at what price, with what tax.

create table catalog.product_category (
  id        uuid primary key default uuidv7(),
  number    text unique,
  name      text not null unique check (name <> ''),
  parent_id uuid references catalog.product_category check (parent_id <> id),
  is_active boolean not null default true,
  custom    jsonb not null default '{}',
  version   integer not null default 1,
  recorded_at timestamptz not null default now()
);
create index on catalog.product_category (parent_id);
comment on table catalog.product_category is 'Category | A group of products.';
comment on column catalog.product_category.id is 'Id';
comment on column catalog.product_category.number is 'Number';
comment on column catalog.product_category.name is 'Name';
comment on column catalog.product_category.parent_id is 'Above | The category that it belongs to.';
comment on column catalog.product_category.is_active is 'Active';
comment on column catalog.product_category.custom is 'Own fields';
comment on column catalog.product_category.version is 'Version';
comment on column catalog.product_category.recorded_at is 'Recorded at';

create table catalog.brand (
  id        uuid primary key default uuidv7(),
  number    text unique,
  name      text not null unique check (name <> ''),
  is_active boolean not null default true,
  custom    jsonb not null default '{}',
  version   integer not null default 1,
  recorded_at timestamptz not null default now()
);
comment on table catalog.brand is 'Brand | Who stands behind a product.';
comment on column catalog.brand.id is 'Id';
comment on column catalog.brand.number is 'Number';
comment on column catalog.brand.name is 'Name';
comment on column catalog.brand.is_active is 'Active';
comment on column catalog.brand.custom is 'Own fields';
comment on column catalog.brand.version is 'Version';
comment on column catalog.brand.recorded_at is 'Recorded at';

create table catalog.unit (
  id        uuid primary key default uuidv7(),
  code      text not null unique check (code <> ''),
  name      text not null unique check (name <> ''),
  is_active boolean not null default true,
  version   integer not null default 1,
  recorded_at timestamptz not null default now()
);
comment on table catalog.unit is 'Unit | In which quantities are told.';
comment on column catalog.unit.id is 'Id';
comment on column catalog.unit.code is 'Code | By UN/ECE Recommendation 20, such as C62 for a piece.';
comment on column catalog.unit.name is 'Name';
comment on column catalog.unit.is_active is 'Active';
comment on column catalog.unit.version is 'Version';
comment on column catalog.unit.recorded_at is 'Recorded at';

create table catalog.tax (
  id            uuid primary key default uuidv7(),
  name          text not null check (name <> ''),
  tax_fraction  kernel.fraction not null,
  valid_from_on date not null default '2000-01-01',
  is_active     boolean not null default true,
  version       integer not null default 1,
  recorded_at   timestamptz not null default now(),
  unique (name, valid_from_on)
);
comment on table catalog.tax is 'Tax | A rate, from a day on.';
comment on column catalog.tax.id is 'Id';
comment on column catalog.tax.name is 'Name';
comment on column catalog.tax.tax_fraction is 'Rate | As a share: 0.08 is 8 %.';
comment on column catalog.tax.valid_from_on is 'Valid from';
comment on column catalog.tax.is_active is 'Active';
comment on column catalog.tax.version is 'Version';
comment on column catalog.tax.recorded_at is 'Recorded at';

create sequence catalog.product_number start 100001;

create table catalog.product (
  id                  uuid primary key default uuidv7(),
  number              text not null unique default nextval('catalog.product_number')::text
                      check (number <> ''),
  name                text not null check (name <> ''),
  barcode             text unique check (barcode <> ''),
  kind                text not null default 'stockable' check (kind in ('stockable', 'consumable', 'service')),
  product_category_id uuid references catalog.product_category,
  brand_id            uuid references catalog.brand,
  unit_id             uuid references catalog.unit,
  tax_id              uuid references catalog.tax,
  variant_of_id       uuid references catalog.product check (variant_of_id <> id),
  model_year          smallint check (model_year between 1900 and 2200),
  unit_price          kernel.money not null check (unit_price >= 0),
  unit_cost           kernel.money check (unit_cost >= 0),
  is_active           boolean not null default true,
  custom              jsonb not null default '{}',
  version             integer not null default 1,
  recorded_at         timestamptz not null default now()
);
create index on catalog.product (name, id);
create index on catalog.product (lower(name), id);
create index on catalog.product using gin (lower(name) extension.gin_trgm_ops,
  lower(number) extension.gin_trgm_ops, lower(barcode) extension.gin_trgm_ops);
create index on catalog.product (unit_price, id);
create index on catalog.product (product_category_id);
create index on catalog.product (brand_id);
create index on catalog.product (unit_id);
create index on catalog.product (tax_id);
create index on catalog.product (variant_of_id);
comment on table catalog.product is 'Product | Goods or a service that we sell.';
comment on column catalog.product.id is 'Id';
comment on column catalog.product.number is 'Number';
comment on column catalog.product.name is 'Name';
comment on column catalog.product.barcode is 'Barcode';
comment on column catalog.product.kind is 'Kind | Only stockable ones move stock.';
comment on column catalog.product.product_category_id is 'Category';
comment on column catalog.product.brand_id is 'Brand';
comment on column catalog.product.unit_id is 'Unit';
comment on column catalog.product.tax_id is 'Tax';
comment on column catalog.product.variant_of_id is 'Variant of';
comment on column catalog.product.model_year is 'Model year';
comment on column catalog.product.unit_price is 'Price | In the company’s currency; a price list may say otherwise.';
comment on column catalog.product.unit_cost is 'Cost | What one costs us, where nothing was bought yet.';
comment on column catalog.product.is_active is 'Active';
comment on column catalog.product.custom is 'Own fields';
comment on column catalog.product.version is 'Version';
comment on column catalog.product.recorded_at is 'Recorded at';

create table catalog.price_list (
  id           uuid primary key default uuidv7(),
  name         text not null unique check (name <> ''),
  currency     kernel.currency not null references kernel.currency_code,
  includes_tax boolean not null default false,
  is_active    boolean not null default true,
  version      integer not null default 1,
  recorded_at  timestamptz not null default now()
);
create index on catalog.price_list (currency);
comment on table catalog.price_list is 'Price list | Prices for some stores, with or without tax inside.';
comment on column catalog.price_list.id is 'Id';
comment on column catalog.price_list.name is 'Name';
comment on column catalog.price_list.currency is 'Currency';
comment on column catalog.price_list.includes_tax is 'Includes tax | Whether its prices include tax.';
comment on column catalog.price_list.is_active is 'Active';
comment on column catalog.price_list.version is 'Version';
comment on column catalog.price_list.recorded_at is 'Recorded at';

create table catalog.price_list_line (
  id            uuid primary key default uuidv7(),
  price_list_id uuid not null references catalog.price_list,
  product_id    uuid not null references catalog.product,
  unit_price    kernel.money not null check (unit_price >= 0),
  version       integer not null default 1,
  unique (price_list_id, product_id)
);
create index on catalog.price_list_line (product_id);
comment on table catalog.price_list_line is 'Price | What a product costs on a price list.';
comment on column catalog.price_list_line.id is 'Id';
comment on column catalog.price_list_line.price_list_id is 'Price list';
comment on column catalog.price_list_line.product_id is 'Product';
comment on column catalog.price_list_line.unit_price is 'Price';
comment on column catalog.price_list_line.version is 'Version';

create table catalog.store_pricing (
  id            uuid primary key references master.store,
  price_list_id uuid not null references catalog.price_list,
  tax_id        uuid references catalog.tax,
  version       integer not null default 1
);
create index on catalog.store_pricing (price_list_id);
create index on catalog.store_pricing (tax_id);
comment on table catalog.store_pricing is 'Store’s prices | Which price list and tax a store sells by.';
comment on column catalog.store_pricing.id is 'Store';
comment on column catalog.store_pricing.price_list_id is 'Price list';
comment on column catalog.store_pricing.tax_id is 'Tax | For products that name none.';
comment on column catalog.store_pricing.version is 'Version';
