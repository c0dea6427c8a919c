-- How somebody wants the list of each table: its columns in their order, their widths, its density.

alter table identity.preference add column lists jsonb not null default '{}'
  check (jsonb_typeof(lists) = 'object' and length(lists::text) <= 50000);
comment on column identity.preference.lists is 'Lists | How the columns and rows of each table’s list stand.';
