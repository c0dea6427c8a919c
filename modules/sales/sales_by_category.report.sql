-- title: Sales by category
-- permission: sales.see
-- parameters: from (date), to (date)
-- chart: bar category net_amount
select coalesce(c.name, 'Without category') as category, sum(s.net_amount) as net_amount, sum(s.quantity) as quantity
  from sales.sold_line s join catalog.product p on p.id = s.product_id
  left join catalog.product_category c on c.id = p.product_category_id
 where s.business_on between :from and :to
 group by c.id, c.name order by 2 desc nulls last
