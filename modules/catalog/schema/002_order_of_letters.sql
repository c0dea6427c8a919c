-- Names stand in the order that people read letters in: É beside E, small letters beside great ones.

drop index catalog.product_lower_id_idx, catalog.product_lower_lower1_lower2_idx;
alter table catalog.product_category alter column name type text collate "und-x-icu";
alter table catalog.brand alter column name type text collate "und-x-icu";
alter table catalog.unit alter column name type text collate "und-x-icu";
alter table catalog.tax alter column name type text collate "und-x-icu";
alter table catalog.product alter column name type text collate "und-x-icu";
alter table catalog.price_list alter column name type text collate "und-x-icu";

-- What is searched is compared without an order, by the simple rule for small and great letters.
create index on catalog.product (lower(name collate "default"), id);
create index on catalog.product using gin (lower(name collate "default") extension.gin_trgm_ops,
  lower(number) extension.gin_trgm_ops, lower(barcode) extension.gin_trgm_ops);
