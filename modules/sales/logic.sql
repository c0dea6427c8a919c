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
