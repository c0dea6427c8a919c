-- Numbers that the law wants without gaps: one row for each registration, kind and fiscal year. It
-- is locked from the number's taking until the document is committed, so only kinds that few write
-- at a time have one; receipts of a till have their own.
create table master.number_series (
  id              uuid primary key default uuidv7(),
  registration_id uuid not null references master.tax_registration,
  kind            text not null check (kind ~ '^[a-z][a-z_]{0,39}$'),
  fiscal_year     text not null check (fiscal_year ~ '^\d{4}(-\d\d)?$'),
  format          text not null check (format ~ '^[^{}]*({fiscal_year}[^{}]*)?{number(:[1-9])?}[^{}]*$'
                                       and length(format) between 8 and 60),
  starts_at       bigint not null default 1 check (starts_at between 1 and 999999999),
  taken           bigint not null default 0 check (taken >= 0),
  version         integer not null default 1,
  recorded_at     timestamptz not null default now(),
  unique (registration_id, kind, fiscal_year)
);
create index on master.number_series (kind, id);
comment on table master.number_series is 'Number series | Numbers without gaps, by registration, kind and fiscal year.';
comment on column master.number_series.id is 'Id';
comment on column master.number_series.registration_id is 'Tax registration';
comment on column master.number_series.kind is 'Kind | Of document, such as stock_count.';
comment on column master.number_series.fiscal_year is 'Fiscal year | 2026, or 2026-27 where it begins in mid-year.';
comment on column master.number_series.format is 'Format | {number} is needed, {number:5} fills up with zeros; {fiscal_year} may stand before it.';
comment on column master.number_series.starts_at is 'Starts at | The first number; higher where another system began the year.';
comment on column master.number_series.taken is 'Taken | How many numbers were given.';
comment on column master.number_series.version is 'Version';
comment on column master.number_series.recorded_at is 'Recorded at';
