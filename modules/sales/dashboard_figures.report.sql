-- title: Figures
-- permission: sales.see_figures
-- page: dashboard
-- parameters: period (text), store (master.store, optional)
-- words: Without category
with span as materialized (select * from sales_logic.spans(:period, :store::uuid)),
-- Today is compared with what yesterday had reached at this time, and the same day last year.
side as materialized (
  select s.store_id, s.time_zone, x.side, x.from_on, x.to_on, x.until_at from span s cross join lateral (values
    ('today', s.today, s.today, null::timestamptz),
    ('yesterday', s.today - 1, s.today - 1,
     ((now() at time zone s.time_zone) - interval '1 day') at time zone s.time_zone),
    ('today_last_year', (s.today - interval '1 year')::date, (s.today - interval '1 year')::date,
     ((now() at time zone s.time_zone) - interval '1 year') at time zone s.time_zone),
    ('now', s.now_from, s.now_to, null), ('before', s.before_from, s.before_to, null),
    ('last_year', s.year_from, s.year_to, null)
  ) x(side, from_on, to_on, until_at)
   where x.from_on is not null and (:period <> 'today' or x.side in ('today', 'yesterday', 'today_last_year'))
),
shown as (select case when :period = 'today' then 'today' else 'now' end as side,
                 case when :period = 'today' then 'yesterday' else 'before' end as other),
-- Asked for each store and time by itself ("offset 0" keeps it so): joined, all of a store's receipts
-- would be read, whatever the days.
sold as materialized (
  select s.side, s.store_id, r.business_on, r.happened_at at time zone s.time_zone as at_clock, r.recorded_by,
         case r.kind when 'sale' then 1 when 'void' then -1 else 0 end as receipts, 0 as orders, r.net_amount::numeric as net_amount
    from side s cross join lateral (
      select r.business_on, r.happened_at, r.recorded_by, r.kind, r.net_amount from pos.receipt r
       where r.store_id = s.store_id and r.business_on between s.from_on and s.to_on offset 0) r
   where s.until_at is null or r.happened_at <= s.until_at
  union all
  select s.side, s.store_id, o.ordered_on, null, null, 1, 1, o.net_amount
    from side s cross join lateral (
      select o.ordered_on, o.net_amount from sales.sales_order o
       where o.store_id = s.store_id and o.ordered_on between s.from_on and s.to_on
         and o.is_history and o.state = 'done' offset 0) o
),
line as materialized (
  select l.product_id, sum(l.quantity) as quantity, sum(l.net_amount) as net_amount, sum(l.orders)::integer as orders from (
    select rl.product_id, rl.quantity, rl.net_amount::numeric as net_amount, 0 as orders
      from shown join side s on s.side = shown.side
     cross join lateral (select r.id from pos.receipt r
       where r.store_id = s.store_id and r.business_on between s.from_on and s.to_on offset 0) r
      join pos.receipt_line rl on rl.receipt_id = r.id
    union all
    select ol.product_id, ol.quantity, ol.net_amount, 1
      from shown join side s on s.side = shown.side
     cross join lateral (select o.id from sales.sales_order o
       where o.store_id = s.store_id and o.ordered_on between s.from_on and s.to_on
         and o.is_history and o.state = 'done' offset 0) o
      join sales.sales_order_line ol on ol.sales_order_id = o.id) l
  group by 1
),
-- The first and last of these days, where they are the same in every store.
reach as (
  select side, case when min(from_on) = max(from_on) then min(from_on) end as from_on,
         case when min(to_on) = max(to_on) then min(to_on) end as to_on
    from side group by 1
),
slot as (
  select x.side, x.key, sum(x.net_amount) as net_amount, sum(x.receipts) as receipts from (
    select s.side, s.net_amount, s.receipts,
           case when :period = 'today' then to_char(s.at_clock, 'HH24')
                when :period ~ '^(year|[0-9]{4})$' then to_char(s.business_on, 'YYYY-MM') else s.business_on::text end as key
      from sold s join shown on shown.side = s.side) x
   group by 1, 2
),
slots as (
  select case when :period ~ '^(year|[0-9]{4})$' then to_char(d, 'YYYY-MM') else to_char(d, 'YYYY-MM-DD') end as key
    from (select min(now_from) as first, max(now_to) as last from span) s
   cross join lateral generate_series(s.first::timestamp, s.last,
     case when :period ~ '^(year|[0-9]{4})$' then interval '1 month' else interval '1 day' end) d
   where :period <> 'today'
  union
  select key from slot where key is not null
)
select a.part, a.side, a.key, a.label, a.net_amount, a.receipts, a.quantity, a.orders, a.unknown, a.from_on, a.to_on from (
  select 1 as place, 'figure' as part, r.side, null::text as key, null::text as label,
         coalesce(sum(s.net_amount), 0) as net_amount, coalesce(sum(s.receipts), 0) as receipts, null::numeric as quantity,
         coalesce(sum(s.orders), 0) as orders, count(s.side) filter (where s.net_amount is null) as unknown, r.from_on, r.to_on
    from reach r left join sold s on s.side = r.side group by r.side, r.from_on, r.to_on
  union all
  select 2, 'store', s.side, s.store_id::text, p.store, coalesce(sum(d.net_amount), 0), coalesce(sum(d.receipts), 0), null,
         coalesce(sum(d.orders), 0), count(d.side) filter (where d.net_amount is null), s.from_on, s.to_on
    from shown join side s on s.side in (shown.side, shown.other) join span p on p.store_id = s.store_id
    left join sold d on d.side = s.side and d.store_id = s.store_id group by s.side, s.store_id, p.store, s.from_on, s.to_on
  union all
  select 3, 'time', null, k.key, null, coalesce(sum(t.net_amount), 0), coalesce(sum(t.receipts), 0), null, null, null, null, null
    from slots k left join slot t on t.key = k.key group by k.key
  union all
  (select 4, 'category', null, c.id::text, coalesce(c.name, 'Without category'), sum(l.net_amount), null, sum(l.quantity),
          sum(l.orders), null, null, null
     from line l join catalog.product p on p.id = l.product_id
     left join catalog.product_category c on c.id = p.product_category_id
    group by c.id, c.name order by 6 desc limit 8)
  union all
  (select 5, 'product', null, p.id::text, p.name, l.net_amount, null, l.quantity, l.orders, null, null, null
     from line l join catalog.product p on p.id = l.product_id
    order by l.net_amount desc, p.id limit 8)
  union all
  (select 6, 'person', null, u.id::text, u.name, sum(s.net_amount), sum(s.receipts), null, 0, null, null, null
     from sold s join shown on shown.side = s.side join identity.user u on u.id = s.recorded_by
    group by u.id, u.name order by 6 desc limit 8)
  union all
  select 7, 'goal', null, null, null, g.goal_amount, null, g.due_amount, null, g.missing, s.first, s.last
    from (select min(now_from) as first, max(whole_to) as last, max(now_to) as due from span) s
   cross join lateral sales_logic.goal(s.first, s.last, s.due, :store::uuid) g
   where s.first is not null
  union all
  (select 9, 'latest', null, l.id::text, l.reference, l.net_amount, null, null, null, null, l.business_on, null
     from span s cross join lateral (
       select r.id, r.reference, r.net_amount::numeric as net_amount, r.business_on, r.happened_at from pos.receipt r
        where r.store_id = s.store_id order by r.business_on desc, r.happened_at desc limit 6) l
    order by l.happened_at desc limit 6)
  union all
  select 8, 'last', null, null, null, null, null, null, null, null, null, max(greatest(
         (select r.business_on from pos.receipt r where r.store_id = s.store_id order by r.business_on desc limit 1),
         (select o.ordered_on from sales.sales_order o where o.store_id = s.store_id and o.is_history and o.state = 'done'
           order by o.ordered_on desc limit 1)))
    from span s
) a order by a.place, a.side, case when a.part = 'time' then a.key end,
  case when a.part = 'latest' then (select r.happened_at from pos.receipt r where r.id = a.key::uuid) end desc,
  a.net_amount desc, a.label
