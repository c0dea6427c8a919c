-- title: Sales by category
-- permission: sales.see
-- parameters: from (date), to (date)
-- chart: bar category net_amount
-- list: sales.sold_line by product_id sum net_amount, quantity
-- where: business_on >= :from, business_on <= :to, product_id.product_category_id = product_category_id
-- hidden: product_category_id
-- words: Without category
select c.id as product_category_id, coalesce(c.name, 'Without category') as category, sum(s.net_amount) as net_amount, sum(s.quantity) as quantity
  from sales.sold_line s join catalog.product p on p.id = s.product_id
  left join catalog.product_category c on c.id = p.product_category_id
 where s.business_on between :from and :to
 group by c.id, c.name order by 3 desc nulls last
