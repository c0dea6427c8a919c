-- title: Sales by day
-- permission: sales.see
-- parameters: from (date), to (date)
-- chart: line day net_amount
-- list: sales.sold_line by product_id sum net_amount
-- where: business_on = day
select d.day::date as day, coalesce(s.net_amount, 0) as net_amount, coalesce(s.documents, 0) as documents
  from generate_series(:from::date, least(:to::date, :from::date + 400), interval '1 day') as d(day)
  left join (select business_on, sum(net_amount) as net_amount, count(distinct document_id) as documents
               from sales.sold_line where business_on between :from and :to group by 1) s
         on s.business_on = d.day::date
 order by 1
