-- title: Best sellers
-- permission: sales.see
-- parameters: from (date), to (date)
-- list: sales.sold_line by store_id sum quantity, net_amount
-- where: business_on >= :from, business_on <= :to, product_id = product_id
-- hidden: product_id
select p.id as product_id, p.name as product, sum(s.quantity) as quantity, sum(s.net_amount) as net_amount
  from sales.sold_line s join catalog.product p on p.id = s.product_id
 where s.business_on between :from and :to
 group by p.id, p.name order by 3 desc nulls last, 4 desc limit 20
