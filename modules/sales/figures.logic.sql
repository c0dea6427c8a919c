-- Goals, and the days that a dashboard's figures are of.

select kernel_logic.track('sales.sales_goal');
-- What is the company's own is set by who may set goals in every store.
select kernel_logic.bind_by('sales.sales_goal',
  'store_id = any((select kernel_logic.my_stores(''sales.see_figures''))::uuid[])
   or (store_id is null and (select kernel_logic.may(''sales.see_figures'')))',
  'store_id = any((select kernel_logic.my_stores(''sales.set_goal''))::uuid[])
   or (store_id is null and (select kernel_logic.may_everywhere(''sales.set_goal'')))', true);
select kernel_logic.readable('sales.sales_goal');
grant insert (month_on, store_id, net_amount), update (net_amount, is_active) on sales.sales_goal to kontor_app;
select kernel_logic.searchable('sales.sales_goal', array['store_id.name']);
comment on constraint sales_goal_month_on_check on sales.sales_goal is 'use the first day of a month';
comment on constraint sales_goal_net_amount_check on sales.sales_goal is 'a goal is more than 0';

-- The days of a period in each store whose figures the actor sees, by that store's own today, and the
-- days that it is compared with: a period that still runs with as many days of the one before and of
-- last year's, one that is over with all of them. said: today, week (from Monday), month, year,
-- 2026-11 or 2026. Error: period_unknown.
create or replace function sales_logic.spans(said text, only_store uuid default null)
  returns table (store_id uuid, store text, time_zone text, today date,
                 now_from date, now_to date, whole_to date,
                 before_from date, before_to date, year_from date, year_to date)
  language plpgsql stable set search_path = '' as $$
declare
  unit text := case when said = 'today' then 'day' when said in ('week', 'month', 'year') then said
                    when said ~ '^[12][0-9]{3}-(0[1-9]|1[0-2])$' then 'month'
                    when said ~ '^[12][0-9]{3}$' then 'year' end;
  step interval;
  back interval;
  asked date := case when said ~ '^[12][0-9]{3}' then rpad(said, 10, '-01-01')::date end;
begin
  if unit is null then
    perform kernel_logic.refuse('period_unknown', jsonb_build_object('period', left(said, 40)));
  end if;
  step := ('1 ' || unit)::interval;
  -- Fifty-two weeks ago, so that a Saturday is compared with a Saturday.
  back := case unit when 'week' then interval '364 days' else interval '1 year' end;
  return query
    select s.id, s.name, s.time_zone, s.today, f.first, least(f.last, s.today), f.last,
           (f.first - step)::date,
           case when f.last > s.today then least((f.first - step)::date + (s.today - f.first), f.first - 1) else f.first - 1 end,
           case when unit <> 'year' then (f.first - back)::date end,
           case when unit = 'year' then null
                when f.last > s.today then least((f.first - back)::date + (s.today - f.first), (f.first - back + step)::date - 1)
                else (f.first - back + step)::date - 1 end
      from (select m.id, m.name, m.time_zone, (now() at time zone m.time_zone)::date as today from master.store m
             where m.id = any((select kernel_logic.my_stores('sales.see_figures'))::uuid[])
               and (only_store is null or m.id = only_store)) s
     cross join lateral (select coalesce(asked, date_trunc(unit, s.today::timestamp)::date) as first,
            (coalesce(asked, date_trunc(unit, s.today::timestamp)::date) + step)::date - 1 as last) f;
end $$;

-- The goal for these days and how much of it is due by the last of them that counts, each month spread
-- evenly over its days. Of one store: that store's; of all: the company's own where the actor sees
-- every store, else the sum of the stores'. missing: how many months, or stores' months, have none;
-- then there is no goal.
create or replace function sales_logic.goal(first_on date, last_on date, due_on date, only_store uuid,
  out goal_amount numeric, out due_amount numeric, out missing bigint)
  language sql stable set search_path = '' as $$
  with month as (
    select m::date as month_on, (m + interval '1 month')::date - m::date as days,
           least(last_on, (m + interval '1 month')::date - 1) - greatest(first_on, m::date) + 1 as whole,
           greatest(least(last_on, due_on, (m + interval '1 month')::date - 1) - greatest(first_on, m::date) + 1, 0) as due
      from generate_series(date_trunc('month', first_on::timestamp), last_on, interval '1 month') m
  ), store as (
    select id from master.store
     where id = any((select kernel_logic.my_stores('sales.see_figures'))::uuid[])
       and case when only_store is null then is_active else id = only_store end
  ), company as (
    select g.month_on, g.net_amount from sales.sales_goal g
     where only_store is null and g.store_id is null and g.is_active
       and (select kernel_logic.may_everywhere('sales.see_figures'))
       and g.month_on between date_trunc('month', first_on::timestamp) and last_on
  ), own as (
    select month.*, coalesce(c.net_amount, g.net_amount) as net_amount
      from month left join company c on c.month_on = month.month_on
     cross join store
      left join sales.sales_goal g on g.store_id = store.id and g.month_on = month.month_on and g.is_active
  ), each as (
    select own.month_on, days, whole, due, count(*) filter (where own.net_amount is null) as missing,
           case when exists (select from company c where c.month_on = own.month_on) then max(own.net_amount)
                else sum(own.net_amount) end as net_amount
      from own group by 1, 2, 3, 4
  )
  select case when sum(each.missing) = 0 then round(sum(net_amount * whole / days), 2) end,
         case when sum(each.missing) = 0 then round(sum(net_amount * due / days), 2) end,
         sum(each.missing) from each
$$;
