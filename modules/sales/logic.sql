-- An order's total is the sum of its lines, whoever writes them.

create or replace function sales_logic.keep_total() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  update sales.sales_order o set net_amount = t.net
    from (select l.sales_order_id, sum(l.net_amount) as net from sales.sales_order_line l
           where l.sales_order_id in (select sales_order_id from added) group by 1) t
   where o.id = t.sales_order_id and o.net_amount is distinct from t.net;
  return null;
end $$;
create or replace trigger keep_total after insert on sales.sales_order_line
  referencing new table as added for each statement execute function sales_logic.keep_total();
create or replace trigger keep_total_changed after update on sales.sales_order_line
  referencing new table as added for each statement execute function sales_logic.keep_total();

select kernel_logic.track('sales.sales_order');
select kernel_logic.track('sales.sales_order_line');
select kernel_logic.bind_to_store('sales.sales_order', 'sales.see', 'sales.manage');
select kernel_logic.bind_to_store('sales.sales_order_line', 'sales.see', 'sales.manage');
select kernel_logic.readable('sales.sales_order');
select kernel_logic.readable('sales.sales_order_line');
grant insert, update (state, party_id, employee_id, ordered_on, required_on, shipped_on, custom)
  on sales.sales_order to kontor_app;
grant insert, update (quantity, unit_price, discount_fraction, product_id)
  on sales.sales_order_line to kontor_app;
select kernel_logic.searchable('sales.sales_order', array['number', 'party_id.name']);
select kernel_logic.searchable('sales.sales_order_line', array['product_id.name']);

-- All that was sold, line by line: at tills, and in orders from before Kontor. Orders that were
-- not completed are no sales; an order whose lines aren't known counts with an unknown amount.
create or replace view sales.sold_line with (security_invoker = true) as
select l.id, r.store_id, r.business_on, r.id as document_id, r.kind, l.product_id, l.quantity, l.net_amount::numeric as net_amount,
       r.reference as document, 'pos.receipt' as source_table, r.id as source_id, r.party_id
  from pos.receipt r join pos.receipt_line l on l.receipt_id = r.id
union all
select coalesce(l.id, o.id), o.store_id, o.ordered_on, o.id, 'order', l.product_id, l.quantity, l.net_amount,
       o.number, 'sales.sales_order', o.id, o.party_id
  from sales.sales_order o left join sales.sales_order_line l on l.sales_order_id = o.id
 where o.is_history and o.state = 'done';
select kernel_logic.referring('sales.sold_line', '{"store_id": "master.store", "product_id": "catalog.product", "party_id": "master.party"}');
comment on view sales.sold_line is 'Sold | What was sold, line by line, at tills and in past orders.';
comment on column sales.sold_line.business_on is 'Day';
comment on column sales.sold_line.kind is 'Kind';
comment on column sales.sold_line.quantity is 'Quantity';
comment on column sales.sold_line.net_amount is 'Net';
comment on column sales.sold_line.document is 'Document | The receipt, or the order from before Kontor.';
comment on column sales.sold_line.store_id is 'Store';
comment on column sales.sold_line.product_id is 'Product';
comment on column sales.sold_line.source_table is 'From';
comment on column sales.sold_line.party_id is 'Customer';
grant select on sales.sold_line to kontor_app, kontor_read;
