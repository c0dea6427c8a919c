-- An entry balances over all its lines, its day is open, and it never changes. The triggers run as
-- the owner: they see all lines, also those that the poster may not see.

-- One period a month, made when its first day is asked for; shorter where others leave less room.
create or replace function finance_logic.period_of(company uuid, day date) returns finance.period
  language plpgsql security definer set search_path = '' as $$
declare
  p finance.period;
begin
  select * into p from finance.period
   where company_id = company and starts_on <= day order by starts_on desc limit 1;
  if p.id is null or p.ends_on < day then
    insert into finance.period (company_id, starts_on, ends_on)
    select company, greatest(date_trunc('month', day)::date, p.ends_on + 1),
           least((date_trunc('month', day) + interval '1 month - 1 day')::date, min(n.starts_on) - 1)
      from finance.period n where n.company_id = company and n.starts_on > day
    on conflict do nothing;
    select * into p from finance.period
     where company_id = company and day between starts_on and ends_on;
  end if;
  return p;
end $$;
revoke execute on function finance_logic.period_of from public;

-- Holds the period of a day open until this transaction ends, and says whether it is. A lock beside
-- the row, for a row that all sales lock would be written by all sales; the state is read after the
-- lock. A transaction with an old snapshot locks the row itself, and fails where it was changed.
create or replace function finance_logic.hold(company uuid, day date) returns boolean
  language plpgsql security definer set search_path = '' as $$
declare
  now_state text;
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('period ' || p.id, 0))
     from finance.period p where p.company_id = company and day between p.starts_on and p.ends_on;
  if not found then
    perform pg_advisory_xact_lock_shared(hashtextextended('period ' || p.id, 0))
       from finance_logic.period_of(company, day) p;
  end if;
  if current_setting('transaction_isolation') = 'read committed' then
    select p.state into now_state from finance.period p
     where p.company_id = company and day between p.starts_on and p.ends_on;
  else
    select p.state into now_state from finance.period p
     where p.company_id = company and day between p.starts_on and p.ends_on for share;
  end if;
  return coalesce(now_state = 'open', false);
end $$;
revoke execute on function finance_logic.hold from public;

-- The day itself where its period is open, else the first day after it that is.
create or replace function finance_logic.open_day(company uuid, day date) returns date
  language plpgsql security definer set search_path = '' as $$
declare
  p finance.period;
begin
  while not finance_logic.hold(company, day) loop
    p := finance_logic.period_of(company, day);
    day := p.ends_on + 1;
  end loop;
  return day;
end $$;
revoke execute on function finance_logic.open_day from public;

create or replace function finance_logic.closing() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  -- Waits for the postings that hold it, and keeps new ones out until this is committed.
  perform pg_advisory_xact_lock(hashtextextended('period ' || old.id, 0));
  if (new.starts_on, new.ends_on, new.company_id) <> (old.starts_on, old.ends_on, old.company_id) then
    perform kernel_logic.refuse('period_is_fixed');
  end if;
  return new;
end $$;
create or replace trigger a_closing before update on finance.period
  for each row execute function finance_logic.closing();

create or replace function finance_logic.stamp_entry() returns trigger
  language plpgsql security definer set search_path = '' as $$
declare
  zone text;
  request uuid;
  made_by uuid;
begin
  if new.happened_at not between '2000-01-01' and now() + interval '1 day' then
    perform kernel_logic.refuse('happened_at_wrong');
  end if;
  select k.time_zone, r.id, r.actor_id into zone, request, made_by
    from (select) this
    left join kernel.store_key k on k.id = new.store_id
    left join audit.request r on r.made_in = pg_current_xact_id() and r.made_in <> '0'::xid8;
  new.business_on := coalesce((new.happened_at at time zone zone)::date, new.happened_at::date);
  new.posted_on := coalesce(new.posted_on, new.business_on);
  if not finance_logic.hold(new.company_id, new.posted_on) then
    perform kernel_logic.refuse('period_is_closed', jsonb_build_object('posted_on', new.posted_on));
  end if;
  if not kernel_logic.is_named(made_by) then
    made_by := coalesce(kernel_logic.actor(), new.recorded_by);
  end if;
  new.recorded_at := now();
  new.recorded_by := made_by;
  new.made_in := pg_current_xact_id();
  new.request_id := coalesce(request, kernel_logic.request());
  return new;
end $$;
create or replace trigger a_stamp before insert on finance.journal_entry
  for each row execute function finance_logic.stamp_entry();

-- All lines of an entry come in one statement, with the entry's own transaction.
create or replace function finance_logic.balances() returns trigger
  language plpgsql security definer set search_path = '' as $$
declare
  wrong record;
begin
  select e.number, a.debit, a.credit, e.made_in, a.lines,
         a.first_on = e.posted_on and a.last_on = e.posted_on as same_day,
         (select count(*) from finance.journal_line l where l.journal_entry_id = e.id) as all_lines
    into wrong
    from (select journal_entry_id, sum(debit) as debit, sum(credit) as credit, count(*) as lines,
                 min(posted_on) as first_on, max(posted_on) as last_on from added group by 1) a
    join finance.journal_entry e on e.id = a.journal_entry_id
   where a.debit <> a.credit or e.made_in <> pg_current_xact_id()
      or a.first_on <> e.posted_on or a.last_on <> e.posted_on
      or a.lines <> (select count(*) from finance.journal_line l where l.journal_entry_id = e.id)
   limit 1;
  if found and (wrong.made_in <> pg_current_xact_id() or wrong.lines <> wrong.all_lines) then
    perform kernel_logic.refuse('entry_is_posted', jsonb_build_object('number', wrong.number));
  elsif found then
    perform kernel_logic.refuse('entry_does_not_balance', to_jsonb(wrong) - 'made_in');
  end if;
  return null;
end $$;
create or replace trigger balances after insert on finance.journal_line
  referencing new table as added for each statement execute function finance_logic.balances();

create or replace function finance_logic.has_lines() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  if not exists (select from finance.journal_line where journal_entry_id = new.id) then
    perform kernel_logic.refuse('entry_has_no_lines', jsonb_build_object('number', new.number));
  end if;
  return null;
end $$;
create constraint trigger has_lines after insert on finance.journal_entry
  deferrable initially deferred for each row execute function finance_logic.has_lines();

create or replace function finance_logic.no_account(purpose text) returns uuid
  language plpgsql set search_path = '' as $$
begin
  perform kernel_logic.refuse('account_missing', jsonb_build_object('purpose', purpose));
end $$;

-- Amounts: debit is positive, credit negative, in the company's currency.
-- Posts an entry by the purposes of its accounts; sides of the same account are added up.
create or replace function finance_logic.post(
  company uuid, store uuid, journal uuid, number text, at timestamptz, day date, text text,
  source_table text, source_id uuid, party uuid, purposes text[], amounts numeric[])
  returns uuid language plpgsql security definer set search_path = '' as $$
declare
  entry uuid;
begin
  insert into finance.journal_entry (company_id, store_id, journal_id, number, happened_at,
                                     posted_on, text, source_table, source_id)
  values (company, store, journal, number, at, day, text, source_table, source_id)
  returning id, posted_on into entry, day;
  insert into finance.journal_line (company_id, store_id, journal_entry_id, position, account_id,
    party_id, posted_on, debit, credit, currency, currency_amount, source_table, source_id)
  select company, store, entry, row_number() over (order by min(s.place)),
         coalesce(a.id, finance_logic.no_account(min(s.purpose))), party, day,
         greatest(sum(s.amount), 0), greatest(-sum(s.amount), 0), c.currency, sum(s.amount),
         post.source_table, post.source_id
    from unnest(purposes, amounts) with ordinality as s(purpose, amount, place)
    join master.company c on c.id = company
    left join finance.account a on a.company_id = company and a.purpose = s.purpose
   where s.amount <> 0
   group by a.id, c.currency
  having sum(s.amount) <> 0;
  return entry;
end $$;
revoke execute on function finance_logic.post from public;

-- What a count adds to the worth of stock is booked with it: the ledger's stock is the moves' sum.
create or replace function finance_logic.book_count() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  if not exists (select from added where source_table = 'inventory.stock_count') then
    return null;
  end if;
  perform finance_logic.post(s.company_id, c.store_id, j.id, c.number, m.at,
      finance_logic.open_day(s.company_id, m.business_on), 'Stock count ' || c.number,
      'inventory.stock_count', c.id, null,
      array['stock', case c.reason when 'opening' then 'opening_balance' else 'stock_difference' end],
      array[m.value, -m.value])
     from (select source_id, max(happened_at) as at, max(business_on) as business_on, sum(value_amount) as value
             from added where source_table = 'inventory.stock_count' group by 1) m
     join inventory.stock_count c on c.id = m.source_id
     join master.store s on s.id = c.store_id
     join finance.journal j on j.company_id = s.company_id and j.code = 'GEN'
    where m.value <> 0;
  return null;
end $$;
create or replace trigger book_count after insert on inventory.stock_move
  referencing new table as added for each statement execute function finance_logic.book_count();

select kernel_logic.undone_with('finance.journal_line', owner => 'journal_entry_id');
select kernel_logic.undone_with('finance.period');

-- Books that were kept in one currency are not kept in another from one moment to the next.
create or replace function finance_logic.keep_currency() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  if new.currency <> old.currency
     and exists (select from finance.journal_entry where company_id = old.id) then
    perform kernel_logic.refuse('currency_is_fixed');
  end if;
  return new;
end $$;
create or replace trigger keep_currency before update of currency on master.company
  for each row execute function finance_logic.keep_currency();

-- A company has its chart and its general journal from its first moment.
create or replace function finance_logic.furnish() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  insert into finance.account (company_id, number, name, kind, purpose) values
    (new.id, '1000', 'Cash in drawers', 'asset', 'cash'),
    (new.id, '1010', 'Safe and cash in transit', 'asset', 'cash_transit'),
    (new.id, '1050', 'Card payments on the way', 'asset', 'card'),
    (new.id, '1100', 'Bank', 'asset', 'transfer'),
    (new.id, '1300', 'Stock', 'asset', 'stock'),
    (new.id, '2100', 'Store credit', 'liability', 'store_credit'),
    (new.id, '2200', 'Sales tax to pay', 'liability', 'tax_payable'),
    (new.id, '3000', 'Opening balances', 'equity', 'opening_balance'),
    (new.id, '4000', 'Sales', 'income', 'sales'),
    (new.id, '5000', 'Cost of goods sold', 'expense', 'cost_of_goods'),
    (new.id, '5100', 'Stock differences', 'expense', 'stock_difference'),
    (new.id, '6900', 'Cash differences', 'expense', 'cash_difference');
  insert into finance.journal (company_id, code, name) values (new.id, 'GEN', 'General');
  return null;
end $$;
create or replace trigger furnish after insert on master.company
  for each row execute function finance_logic.furnish();

-- Closes or opens a period. Errors: not_found.
create or replace function finance_logic.close_period(input jsonb) returns finance.period
  language plpgsql as $$
declare
  p finance.period;
begin
  update finance.period set state = 'closed' where id = (input->>'id')::uuid returning * into p;
  if not found then
    perform kernel_logic.refuse('not_found');
  end if;
  return p;
end $$;
create or replace function finance_logic.reopen_period(input jsonb) returns finance.period
  language plpgsql as $$
declare
  p finance.period;
begin
  update finance.period set state = 'open' where id = (input->>'id')::uuid returning * into p;
  if not found then
    perform kernel_logic.refuse('not_found');
  end if;
  return p;
end $$;

select kernel_logic.track('finance.account');
select kernel_logic.track('finance.journal');
select kernel_logic.track('finance.period');
create or replace trigger tell_insert after insert on finance.journal_entry
  referencing new table as told
  for each statement execute function kernel_logic.tell_in_store('finance.journal_entry');

select kernel_logic.bind('finance.account', 'finance.see', 'finance.manage');
-- A journal without a store is the company's.
select kernel_logic.bind_by('finance.journal',
  'store_id = any((select kernel_logic.my_stores(''finance.see''))::uuid[])
   or (store_id is null and (select kernel_logic.may(''finance.see'')))',
  'store_id = any((select kernel_logic.my_stores(''finance.manage''))::uuid[])
   or (store_id is null and (select kernel_logic.may(''finance.manage'')))', true);
select kernel_logic.bind_by('finance.period', '(select kernel_logic.may(''finance.see''))',
                            '(select kernel_logic.may(''finance.close''))', true);
-- The company's own lines have no store: they ask the right to see the company.
select kernel_logic.bind_by('finance.journal_entry',
  'store_id = any((select kernel_logic.my_stores(''finance.see''))::uuid[])
   or (store_id is null and (select kernel_logic.may(''finance.see_company'')))', 'false', false);
select kernel_logic.bind_by('finance.journal_line',
  'store_id = any((select kernel_logic.my_stores(''finance.see''))::uuid[])
   or (store_id is null and (select kernel_logic.may(''finance.see_company'')))', 'false', false);
create policy adds on finance.journal_entry for insert to kontor_app
  with check (store_id = any((select kernel_logic.my_stores('finance.manage'))::uuid[])
   or (store_id is null and (select kernel_logic.may('finance.manage'))));
-- What receipts, drawers and counts book is written by their own functions alone.
create policy by_hand on finance.journal_entry as restrictive for insert to kontor_app
  with check (source_table !~ '^(pos|inventory)[.]');
create policy adds on finance.journal_line for insert to kontor_app
  with check (store_id = any((select kernel_logic.my_stores('finance.manage'))::uuid[])
   or (store_id is null and (select kernel_logic.may('finance.manage'))));
select kernel_logic.readable('finance.account');
select kernel_logic.readable('finance.journal');
select kernel_logic.readable('finance.period');
select kernel_logic.readable('finance.journal_entry');
select kernel_logic.readable('finance.journal_line');
grant insert, update on finance.account, finance.journal to kontor_app;
grant insert (company_id, starts_on, ends_on), update (state) on finance.period to kontor_app;
grant insert on finance.journal_entry, finance.journal_line to kontor_app;
select kernel_logic.searchable('finance.account', array['name', 'number']);
select kernel_logic.searchable('finance.journal', array['name', 'code']);

-- What a rule asks for, where its expression doesn't say it: told to who breaks it.
comment on constraint account_number_check on finance.account is 'use 1 to 20 digits, capital letters, points and hyphens';
comment on constraint period_check on finance.period is 'a period ends on its first day or later';
comment on constraint journal_line_check on finance.journal_line is 'a line has debit or credit, not both';
comment on constraint journal_line_rate_check on finance.journal_line is 'a rate is more than 0';
