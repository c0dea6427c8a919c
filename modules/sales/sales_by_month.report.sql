-- title: Sales by month
-- permission: sales.see
-- parameters: from (date, optional), to (date, optional)
-- chart: column month net_amount
select to_char(s.business_on, 'YYYY-MM') as month, sum(s.net_amount) as net_amount,
       sum(s.quantity) as quantity, count(distinct s.document_id) as documents,
       count(distinct s.document_id) filter (where s.net_amount is null) as of_unknown_total
  from sales.sold_line s
 where s.business_on between coalesce(:from::date, '-infinity') and coalesce(:to::date, 'infinity')
 group by 1 order by 1
