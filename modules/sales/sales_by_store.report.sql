-- title: Sales by store
-- permission: sales.see
-- parameters: from (date), to (date)
-- chart: bar store net_amount
select st.name as store, sum(s.net_amount) as net_amount, sum(s.quantity) as quantity,
       count(distinct s.document_id) as documents,
       count(distinct s.document_id) filter (where s.net_amount is null) as of_unknown_total
  from sales.sold_line s join master.store st on st.id = s.store_id
 where s.business_on between :from and :to
 group by st.id, st.name order by 2 desc nulls last
