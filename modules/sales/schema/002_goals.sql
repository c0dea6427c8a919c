-- What the business means to sell.

create table sales.sales_goal (
  id          uuid primary key default uuidv7(),
  month_on    date not null check (extract(day from month_on) = 1),
  store_id    uuid references master.store,             -- none: the company's own
  net_amount  kernel.money not null check (net_amount > 0),
  is_active   boolean not null default true,
  version     integer not null default 1,
  recorded_at timestamptz not null default now()
);
-- Also the way from a store or the company to its goals of a year.
create unique index one_goal on sales.sales_goal (store_id, month_on) nulls not distinct where is_active;
create index on sales.sales_goal (store_id);
create index on sales.sales_goal (month_on desc, id);
comment on table sales.sales_goal is 'Sales goal | What a store, or the company, means to sell in a month.';
comment on column sales.sales_goal.id is 'Id';
comment on column sales.sales_goal.month_on is 'Month | Its first day.';
comment on column sales.sales_goal.store_id is 'Store | Empty for the whole company.';
comment on column sales.sales_goal.net_amount is 'Goal | Sales without tax, in the company’s currency.';
comment on column sales.sales_goal.is_active is 'Active';
comment on column sales.sales_goal.version is 'Version';
comment on column sales.sales_goal.recorded_at is 'Recorded at';
