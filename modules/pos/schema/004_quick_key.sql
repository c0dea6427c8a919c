-- What a shop wants its tills to show before anything is typed.

create table pos.quick_key (
  id         uuid primary key default uuidv7(),
  store_id   uuid not null references master.store,
  product_id uuid not null references catalog.product,
  position   smallint not null default 100 check (position between 1 and 999),
  is_active  boolean not null default true,
  version    integer not null default 1,
  unique (store_id, product_id)
);
create index on pos.quick_key (product_id);
comment on table pos.quick_key is 'Quick key | A product that the tills of a store show first; the best sellers follow it.';
comment on column pos.quick_key.id is 'Id';
comment on column pos.quick_key.store_id is 'Store';
comment on column pos.quick_key.product_id is 'Product';
comment on column pos.quick_key.position is 'Position | The lowest stands first.';
comment on column pos.quick_key.is_active is 'Active';
comment on column pos.quick_key.version is 'Version';

-- A shelf is gone through by name, however many things lie on it.
create index on catalog.product (product_category_id, name, id);
