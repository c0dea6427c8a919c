-- title: Sales by store
-- permission: sales.see
-- parameters: from (date), to (date)
-- chart: bar store net_amount
-- list: sales.sold_line by product_id.product_category_id sum net_amount, quantity
-- where: business_on >= :from, business_on <= :to, store_id = store_id
-- hidden: store_id
select st.id as store_id, st.name as store, sum(s.net_amount) as net_amount, sum(s.quantity) as quantity,
       count(distinct s.document_id) as documents,
       count(distinct s.document_id) filter (where s.net_amount is null) as of_unknown_total
  from sales.sold_line s join master.store st on st.id = s.store_id
 where s.business_on between :from and :to
 group by st.id, st.name order by 3 desc nulls last
