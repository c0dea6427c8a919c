-- title: Goal
-- permission: sales.see_figures
-- page: dashboard
-- parameters: period (text), store (master.store, optional)
-- chart: gauge item net_amount
-- words: Reached, By today, Goal
with span as materialized (select * from sales_logic.spans(:period, :store::uuid)),
reached as (
  select coalesce(sum(x.net_amount), 0) as net_amount from (
    select r.net_amount::numeric as net_amount from span s cross join lateral (
      select r.net_amount from pos.receipt r
       where r.store_id = s.store_id and r.business_on between s.now_from and s.now_to offset 0) r
    union all
    select o.net_amount from span s cross join lateral (
      select o.net_amount from sales.sales_order o
       where o.store_id = s.store_id and o.ordered_on between s.now_from and s.now_to
         and o.is_history and o.state = 'done' offset 0) o) x
),
goal as (
  select g.* from (select min(now_from) as first, max(whole_to) as last, max(now_to) as due from span) s
   cross join lateral sales_logic.goal(s.first, s.last, s.due, :store::uuid) g where s.first is not null
)
select x.item, x.net_amount from goal g, reached r
 cross join lateral (values (1, 'Reached', r.net_amount), (2, 'By today', g.due_amount), (3, 'Goal', g.goal_amount)) x(place, item, net_amount)
 where g.goal_amount is not null order by x.place
