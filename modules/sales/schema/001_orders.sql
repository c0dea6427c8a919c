-- Orders that customers placed before Kontor came: history, counted in reports.

create table sales.sales_order (
  id           uuid primary key default uuidv7(),
  store_id     uuid not null references master.store,
  number       text not null unique check (number <> ''),
  state        text not null default 'done'
    check (state in ('draft', 'quotation', 'confirmed', 'done', 'cancelled')),
  party_id     uuid references master.party,
  employee_id  uuid references master.employee,
  ordered_on   date not null,
  required_on  date,
  shipped_on   date,
  currency     kernel.currency not null,
  net_amount   kernel.money,
  is_history   boolean not null default true,
  custom       jsonb not null default '{}',
  version      integer not null default 1,
  recorded_at  timestamptz not null default now(),
  unique (id, store_id)
);
create index on sales.sales_order (store_id, ordered_on desc, id);
create index on sales.sales_order (ordered_on desc, id);
create index on sales.sales_order (party_id);
create index on sales.sales_order (employee_id);
comment on table sales.sales_order is 'Order | What a customer ordered.';
comment on column sales.sales_order.id is 'Id';
comment on column sales.sales_order.store_id is 'Store';
comment on column sales.sales_order.number is 'Number';
comment on column sales.sales_order.state is 'State';
comment on column sales.sales_order.party_id is 'Customer';
comment on column sales.sales_order.employee_id is 'Employee';
comment on column sales.sales_order.ordered_on is 'Ordered on';
comment on column sales.sales_order.required_on is 'Required on';
comment on column sales.sales_order.shipped_on is 'Shipped on';
comment on column sales.sales_order.currency is 'Currency';
comment on column sales.sales_order.net_amount is 'Total | The sum of its lines; empty where no line is known.';
comment on column sales.sales_order.is_history is 'History | Brought from elsewhere: counts in reports, moves neither stock nor books.';
comment on column sales.sales_order.custom is 'Own fields';
comment on column sales.sales_order.version is 'Version';
comment on column sales.sales_order.recorded_at is 'Recorded at';

create table sales.sales_order_line (
  id                uuid primary key default uuidv7(),
  store_id          uuid not null,
  sales_order_id    uuid not null,
  position          smallint not null check (position > 0),
  product_id        uuid not null references catalog.product,
  quantity          kernel.quantity not null check (quantity > 0),
  unit_price        kernel.money not null check (unit_price >= 0),
  discount_fraction kernel.fraction not null default 0,
  net_amount        numeric not null generated always as (
    round(quantity * unit_price * (1 - discount_fraction), 2)) stored,
  foreign key (sales_order_id, store_id) references sales.sales_order (id, store_id),
  unique (sales_order_id, position)
);
create index on sales.sales_order_line (product_id);
comment on table sales.sales_order_line is 'Order line | Goods on an order.';
comment on column sales.sales_order_line.id is 'Id';
comment on column sales.sales_order_line.store_id is 'Store';
comment on column sales.sales_order_line.sales_order_id is 'Order';
comment on column sales.sales_order_line.position is 'Position';
comment on column sales.sales_order_line.product_id is 'Product';
comment on column sales.sales_order_line.quantity is 'Quantity';
comment on column sales.sales_order_line.unit_price is 'Price';
comment on column sales.sales_order_line.discount_fraction is 'Discount';
comment on column sales.sales_order_line.net_amount is 'Total';
