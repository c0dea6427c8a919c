-- Numbers without gaps. The number is taken in the transaction that writes the document: what is
-- rolled back gives its number back, and nobody gets a later one before.

-- '2026', or '2026-27' where the year begins in mid-year.
create or replace function master_logic.fiscal_year(company uuid, day date) returns text
  language sql stable security definer set search_path = '' as $$
  select case when c.fiscal_year_starts_month = 1 then y.begun::text
              else y.begun || '-' || lpad(((y.begun + 1) % 100)::text, 2, '0') end
    from master.company c
    cross join lateral (select extract(year from day)::int
      - (extract(month from day) < c.fiscal_year_starts_month)::int as begun) y
   where c.id = company
$$;

create or replace function master_logic.formatted(format text, fiscal_year text, number bigint)
  returns text language sql immutable set search_path = '' as $$
  select regexp_replace(replace(format, '{fiscal_year}', fiscal_year), '{number(:[1-9])?}',
    lpad(number::text, greatest(length(number::text),
      coalesce(substring(format from '{number:([1-9])}')::int, 0)), '0'))
$$;

-- The next number of that kind as it is written; its series is begun where there is none yet, in the
-- format of the year before. A format that doesn't name the year counts on: each number is there once.
create or replace function master_logic.take_number(
  registration uuid, wanted text, day date, usual_format text) returns text
  language plpgsql security definer set search_path = '' as $$
declare
  year text := (select master_logic.fiscal_year(company_id, day)
                  from master.tax_registration where id = registration);
  before master.number_series;
  answer text;
begin
  loop
    update master.number_series s set taken = taken + 1
     where s.registration_id = registration and s.kind = wanted and s.fiscal_year = year
    returning master_logic.formatted(format, year, starts_at + taken - 1) into answer;
    if found then
      return answer;
    end if;
    select * into before from master.number_series s
     where s.registration_id = registration and s.kind = wanted order by s.fiscal_year desc limit 1;
    insert into master.number_series (registration_id, kind, fiscal_year, format, starts_at)
    values (registration, wanted, year, coalesce(before.format, usual_format), case
      when before.format not like '%{fiscal\_year}%' then before.starts_at + before.taken else 1 end)
    on conflict do nothing;
  end loop;
end $$;
revoke execute on function master_logic.take_number from public;

-- Gives a new document its number, whatever the caller wrote there.
create or replace function master_logic.number_it() returns trigger
  language plpgsql security definer set search_path = '' as $$
declare
  there boolean;
begin
  -- Of a row that stands already nothing is written: it takes no number, lest one be left out.
  execute format('select exists (select from %s where id = $1)', tg_relid::regclass) into there using new.id;
  if there then
    return new;
  end if;
  select master_logic.take_number(s.registration_id, tg_argv[0],
           (now() at time zone s.time_zone)::date, tg_argv[1]) into new.number
    from master.store s where s.id = new.store_id;
  if new.number is null then
    perform kernel_logic.refuse('store_unknown', jsonb_build_object('store_id', new.store_id));
  end if;
  return new;
end $$;

create or replace function master_logic.keep_number() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  if new.number is distinct from old.number then
    perform kernel_logic.refuse('number_is_fixed', jsonb_build_object('number', old.number));
  end if;
  return new;
end $$;

-- A table of documents, each of a store, that are numbered without gaps in its column `number`.
create or replace function master_logic.numbered(documents text, kind text, usual_format text)
  returns void language plpgsql set search_path = '' as $$
begin
  execute format('create or replace trigger b_number before insert on %s
    for each row execute function master_logic.number_it(%L, %L)', documents, kind, usual_format);
  execute format('create or replace trigger b_keep_number before update of number on %s
    for each row execute function master_logic.keep_number()', documents);
end $$;

-- Once numbers were given, what they look like and where they began stand for that year.
create or replace function master_logic.keep_series() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  if old.taken > 0 and (new.format, new.starts_at, new.kind, new.fiscal_year, new.registration_id)
      is distinct from (old.format, old.starts_at, old.kind, old.fiscal_year, old.registration_id) then
    perform kernel_logic.refuse('series_is_used', jsonb_build_object('kind', old.kind,
      'fiscal_year', old.fiscal_year));
  end if;
  return new;
end $$;
create or replace trigger keep_series before update on master.number_series
  for each row execute function master_logic.keep_series();

-- A series whose format doesn't name the year begins behind the one of the same look before it.
create or replace function master_logic.check_series() returns trigger
  language plpgsql security definer set search_path = '' as $$
declare
  given bigint := (select max(s.starts_at + s.taken) from master.number_series s
                    where s.registration_id = new.registration_id and s.kind = new.kind
                      and s.format = new.format and s.id <> new.id);
begin
  if new.format not like '%{fiscal\_year}%' and new.starts_at < given then
    perform kernel_logic.refuse('series_repeats', jsonb_build_object('least', given));
  end if;
  return new;
end $$;
create or replace trigger check_series before insert or update of format, starts_at, kind, registration_id
  on master.number_series for each row execute function master_logic.check_series();

-- How many were given is kept, and would fill the trail with every document.
select kernel_logic.track('master.number_series', hidden => array['taken']);
select kernel_logic.bind('master.number_series', 'master.see', 'master.manage');
select kernel_logic.readable('master.number_series');
grant insert (registration_id, kind, fiscal_year, format, starts_at),
  update (registration_id, kind, fiscal_year, format, starts_at) on master.number_series to kontor_app;

comment on constraint number_series_kind_check on master.number_series is 'use small letters and _, at most 40';
comment on constraint number_series_fiscal_year_check on master.number_series is 'write a fiscal year like 2026 or 2026-27';
comment on constraint number_series_format_check on master.number_series is 'a format has {number} or {number:5} once, {fiscal_year} at most once before it, and 8 to 60 characters';
