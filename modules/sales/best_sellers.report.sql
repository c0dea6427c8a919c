-- title: Best sellers
-- permission: sales.see
-- parameters: from (date), to (date)
select p.name as product, sum(s.quantity) as quantity, sum(s.net_amount) as net_amount
  from sales.sold_line s join catalog.product p on p.id = s.product_id
 where s.business_on between :from and :to
 group by p.id, p.name order by 2 desc nulls last, 3 desc limit 20
