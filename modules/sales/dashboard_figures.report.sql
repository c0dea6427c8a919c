-- title: Figures
-- permission: sales.see
-- parameters: from (date), to (date)
with sold as (
  select business_on >= :from::date as is_now, document_id, kind, quantity, net_amount
    from sales.sold_line
   where business_on between :from::date - (:to::date - :from::date + 1) and :to::date
), side as (
  select is_now, coalesce(sum(net_amount), 0) as net_amount, coalesce(sum(quantity), 0) as quantity,
         count(distinct document_id) filter (where kind in ('sale', 'order'))
           - count(distinct document_id) filter (where kind = 'void') as receipts
    from sold group by 1
)
select f.name, f.value::text as value, f.previous::text as previous
  from (select (select net_amount from side where is_now) as net, (select net_amount from side where not is_now) as net_before,
               (select receipts from side where is_now) as receipts, (select receipts from side where not is_now) as receipts_before,
               (select quantity from side where is_now) as quantity, (select quantity from side where not is_now) as quantity_before) x
 cross join lateral (values
   ('net_amount', coalesce(net, 0), coalesce(net_before, 0)),
   ('receipts', coalesce(receipts, 0), coalesce(receipts_before, 0)),
   ('quantity', coalesce(quantity, 0), coalesce(quantity_before, 0)),
   ('average_amount', round(net / nullif(receipts, 0), 2), round(net_before / nullif(receipts_before, 0), 2))
 ) as f(name, value, previous)
union all
select 'last_sale_on', greatest((select max(business_on) from pos.receipt),
                                (select max(ordered_on) from sales.sales_order where is_history and state = 'done'))::text, null
