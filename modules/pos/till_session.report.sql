-- title: Till session
-- permission: pos.sell
-- page: till
-- parameters: id (pos.till_session)
-- words: X report, Z report, Opened, Closed, still open, Sales, Taken back, Voided, Net, Tax, Total, Paid by cash, Paid by card, Paid by transfer, Paid by store credit, Float, Cash in and out, Expected in the drawer, Counted, Difference
with s as (select s.*, t.name as till, st.name as store from pos.till_session s
             join pos.till t on t.id = s.till_id join master.store st on st.id = s.store_id
            where s.id = :id),
r as (select r.* from pos.receipt r where r.till_session_id = :id),
paid as (select p.method, sum(p.amount) as amount, count(*) as count
           from r join pos.payment p on p.receipt_id = r.id group by 1),
moved as (select coalesce(sum(case kind when 'in' then amount else -amount end), 0) as amount
            from pos.cash_movement where till_session_id = :id),
expected as (select s.opening_float + coalesce((select amount from paid where method = 'cash'), 0) + moved.amount as amount
               from s, moved)
select * from (
  select 1 as place, case s.state when 'open' then 'X report' else 'Z report' end as item, s.store || ', ' || s.till as value from s
  union all select 2, 'Opened', to_char(s.opened_at at time zone (select time_zone from master.store where id = s.store_id), 'YYYY-MM-DD HH24:MI') from s
  union all select 3, 'Closed', coalesce(to_char(s.closed_at at time zone (select time_zone from master.store where id = s.store_id), 'YYYY-MM-DD HH24:MI'), 'still open') from s
  union all select 10, 'Sales', count(*)::text from r where kind = 'sale'
  union all select 11, 'Taken back', count(*)::text from r where kind = 'return'
  union all select 12, 'Voided', count(*)::text from r where kind = 'void'
  union all select 20, 'Net', coalesce(sum(net_amount), 0)::text from r
  union all select 21, 'Tax', coalesce(sum(tax_amount), 0)::text from r
  union all select 22, 'Total', coalesce(sum(gross_amount), 0)::text from r
  union all select 30, 'Paid by ' || replace(method, '_', ' '), amount::text from paid
  union all select 40, 'Float', s.opening_float::text from s
  union all select 41, 'Cash in and out', moved.amount::text from moved
  union all select 42, 'Expected in the drawer', coalesce(s.expected_amount, e.amount)::text from s, expected e
  union all select 43, 'Counted', s.counted_amount::text from s where s.state = 'closed'
  union all select 44, 'Difference', s.difference::text from s where s.state = 'closed'
) x order by place, item
