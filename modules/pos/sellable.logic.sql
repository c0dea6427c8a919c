-- What a till sells, and what it shows of that before anything is typed.

select kernel_logic.track('pos.quick_key');
select kernel_logic.bind_to_store('pos.quick_key', 'pos.sell', 'pos.manage');
select kernel_logic.readable('pos.quick_key');
grant insert (store_id, product_id, position, is_active), update (position, is_active)
   on pos.quick_key to kontor_app;
select kernel_logic.searchable('pos.quick_key', array['product_id.name']);

-- Product, price and tax of each store that the caller sells in.
create or replace view pos.sellable with (security_invoker = true) as
select p.id, p.id as product_id, s.id as store_id, p.number, p.name, p.barcode,
       p.product_category_id as category_id, c.name as category, p.kind,
       coalesce(l.unit_price, p.unit_price) as unit_price, t.id as tax_id, t.name as tax_name,
       coalesce(t.tax_fraction, 0) as tax_fraction, coalesce(pl.includes_tax, false) as price_includes_tax,
       (select sum(v.on_hand) from inventory.stock_level v
         where v.product_id = p.id and v.store_id = s.id) as on_hand
  from catalog.product p
 cross join master.store s
  left join catalog.store_pricing sp on sp.id = s.id
  left join catalog.price_list pl on pl.id = sp.price_list_id
  left join catalog.price_list_line l on l.price_list_id = sp.price_list_id and l.product_id = p.id
  left join catalog.tax t on t.id = coalesce(p.tax_id, sp.tax_id)
  left join catalog.product_category c on c.id = p.product_category_id
 where p.is_active and s.is_active and s.id = any((select kernel_logic.my_stores('pos.sell'))::uuid[]);
comment on view pos.sellable is 'To sell | What a till sells, with its price and tax.';
grant select on pos.sellable to kontor_app, kontor_read;
select kernel_logic.searchable('pos.sellable', array['name', 'number', 'barcode']);
select kernel_logic.translated('pos.sellable', array['name'], 'catalog.product');

-- Whether a store sells from a category: what is kept in other stores only doesn't count.
create or replace function pos_logic.sells_from(store uuid, category uuid) returns boolean
  language sql stable security definer set search_path = '' as $$
  select store = any(kernel_logic.my_stores('pos.sell')) and exists (
    select from catalog.product p where p.product_category_id = category and p.is_active
       and (p.kind = 'service'
            or exists (select from inventory.stock_level v where v.product_id = p.id and v.store_id = store)
            or not exists (select from inventory.stock_level v where v.product_id = p.id)))
$$;
create or replace view pos.sellable_category with (security_invoker = true) as
select c.id, s.id as store_id, c.name
  from master.store s cross join catalog.product_category c
 where c.is_active and s.is_active and s.id = any((select kernel_logic.my_stores('pos.sell'))::uuid[])
   and pos_logic.sells_from(s.id, c.id);
comment on view pos.sellable_category is 'Category to sell | A category that a store sells from.';
grant select on pos.sellable_category to kontor_app, kontor_read;
select kernel_logic.translated('pos.sellable_category', array['name'], 'catalog.product_category');

-- The picture of a product: the first of its files that is one.
create or replace function pos_logic.picture_of(product uuid) returns uuid
  language sql stable set search_path = '' as $$
  select a.id from files.attachment a
   where a.table_name = 'catalog.product' and a.row_id = product and a.is_active
     and a.content_type in ('image/png', 'image/jpeg', 'image/gif', 'image/webp')
   order by a.position limit 1
$$;

-- What a till shows first, of a category (`shelf_id`) or of all (none): what the shop chose, then what
-- its store rang up most often in four weeks, at most its last 2,000 sales, then others by name. Today's
-- sales don't count yet: hands know where a key is, and it stays there until tomorrow.
create or replace view pos.quick_sellable with (security_invoker = true) as
select v.*, shelf.id as shelf_id, k.place, pos_logic.picture_of(v.id) as picture_id
  from master.store s
 cross join (select null::uuid as id union all select c.id from catalog.product_category c) shelf
 cross join lateral (select (now() at time zone s.time_zone)::date as day) today
 cross join lateral (
   select w.product_id, row_number() over (order by w.rank, w.times desc, w.name, w.product_id) as place
     from (select distinct on (x.product_id) x.product_id, x.rank, x.times, p.name
             from (select q.product_id, q.position as rank, 0 as times
                     from pos.quick_key q where q.store_id = s.id and q.is_active
                   union all
                   select l.product_id, 1000, count(*)
                     from (select r.id from pos.receipt r
                            where r.store_id = s.id and r.kind = 'sale'
                              and r.business_on between today.day - 28 and today.day - 1
                            order by r.business_on desc, r.id limit 2000) r
                     join pos.receipt_line l on l.receipt_id = r.id group by 1
                   union all
                   (select o.id, 1001, 0 from catalog.product o
                     where shelf.id is null and o.is_active order by o.name, o.id limit 48)
                   union all
                   (select o.id, 1001, 0 from catalog.product o
                     where o.product_category_id = shelf.id and o.is_active order by o.name, o.id limit 48)) x
             join catalog.product p on p.id = x.product_id
            where p.is_active and (shelf.id is null or p.product_category_id = shelf.id)
            order by x.product_id, x.rank) w
    order by 2 limit 48) k
  join pos.sellable v on v.id = k.product_id and v.store_id = s.id;
comment on view pos.quick_sellable is 'Quick to sell | What a till shows before anything is typed.';
grant select on pos.quick_sellable to kontor_app, kontor_read;
select kernel_logic.translated('pos.quick_sellable', array['name'], 'catalog.product');
