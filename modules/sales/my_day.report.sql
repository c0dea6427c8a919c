-- title: My day
-- permission: sales.see
-- page: dashboard
-- parameters: store (master.store, optional)
with day as (
  select s.id as store_id, s.time_zone, (now() at time zone s.time_zone)::date as today from master.store s
   where s.id = any((select kernel_logic.my_stores('pos.sell'))::uuid[]) and (:store::uuid is null or s.id = :store)
),
side as (
  select d.store_id, d.time_zone, x.* from day d cross join lateral (values
    ('today', d.today, null::timestamptz),
    ('yesterday', d.today - 1, ((now() at time zone d.time_zone) - interval '1 day') at time zone d.time_zone)
  ) x(side, on_day, until_at)
),
sold as materialized (
  select s.side, r.net_amount, r.happened_at at time zone s.time_zone as at_clock, r.till_session_id,
         case r.kind when 'sale' then 1 when 'void' then -1 else 0 end as receipts
    from side s cross join lateral (
      select r.net_amount, r.happened_at, r.till_session_id, r.kind from pos.receipt r
       where r.store_id = s.store_id and r.business_on = s.on_day
         and r.recorded_by = (select kernel_logic.actor()) offset 0) r
   where (s.until_at is null or r.happened_at <= s.until_at)
),
reach as (
  select side, case when min(on_day) = max(on_day) then min(on_day) end as on_day from side group by 1
)
select a.part, a.side, a.key, a.label, a.net_amount, a.receipts, a.state, a.opened_at, a.from_on, a.to_on from (
  select 1 as place, 'figure' as part, r.side, null::text as key, null::text as label, coalesce(sum(s.net_amount), 0) as net_amount,
         coalesce(sum(s.receipts), 0) as receipts, null::text as state, null::timestamptz as opened_at, r.on_day as from_on, r.on_day as to_on
    from reach r left join sold s on s.side = r.side group by r.side, r.on_day
  union all
  select 2, 'time', null, to_char(at_clock, 'HH24'), null, sum(net_amount), sum(receipts), null, null, null, null
    from sold where side = 'today' group by to_char(at_clock, 'HH24')
  union all
  select 3, 'till', null, t.id::text, p.name, t.expected_amount, (select coalesce(sum(receipts), 0) from sold s where s.side = 'today' and s.till_session_id = t.id),
         t.state, t.opened_at, null, null
    from pos.till_session t join pos.till p on p.id = t.till_id join day d on d.store_id = t.store_id
   where t.id in (select till_session_id from sold where side = 'today')
      or t.state = 'open' and t.opened_by = (select kernel_logic.actor())
) a order by a.place, a.side, a.key
