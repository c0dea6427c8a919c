-- title: Low stock
-- permission: inventory.see
-- list: inventory.stock_level by location_id sum on_hand
-- where: product_id = product_id, store_id = store_id
-- hidden: product_id, store_id
select r.product_id, r.store_id, p.name as product, s.name as store, coalesce(sum(l.on_hand), 0) as on_hand, r.minimum
  from inventory.reorder_rule r join catalog.product p on p.id = r.product_id
  join master.store s on s.id = r.store_id
  left join inventory.stock_level l on l.store_id = r.store_id and l.product_id = r.product_id
 where r.is_active and p.is_active
 group by r.id, p.name, s.name, r.minimum
having coalesce(sum(l.on_hand), 0) < r.minimum
 order by coalesce(sum(l.on_hand), 0) - r.minimum, p.name limit 200
