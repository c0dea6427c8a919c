-- title: Sales by month
-- permission: sales.see
-- parameters: from (date, optional), to (date, optional)
-- chart: column month net_amount
-- list: sales.sold_line by product_id.product_category_id sum net_amount, quantity
-- where: business_on >= from_on, business_on <= to_on
-- hidden: from_on, to_on
select min(s.business_on) as from_on, max(s.business_on) as to_on, to_char(s.business_on, 'YYYY-MM') as month, sum(s.net_amount) as net_amount,
       sum(s.quantity) as quantity, count(distinct s.document_id) as documents,
       count(distinct s.document_id) filter (where s.net_amount is null) as of_unknown_total
  from sales.sold_line s
 where s.business_on between coalesce(:from::date, '-infinity') and coalesce(:to::date, 'infinity')
 group by 3 order by 3
