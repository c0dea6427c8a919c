-- Names stand in the order that people read letters in: É beside E, small letters beside great ones.

alter table catalog.product_category alter column name type text collate "und-x-icu";
alter table catalog.brand alter column name type text collate "und-x-icu";
alter table catalog.unit alter column name type text collate "und-x-icu";
alter table catalog.tax alter column name type text collate "und-x-icu";
alter table catalog.product alter column name type text collate "und-x-icu";
alter table catalog.price_list alter column name type text collate "und-x-icu";

-- How a name begins is asked letter by letter, whatever their order.
drop index catalog.product_lower_id_idx;
create index on catalog.product (lower(name) text_pattern_ops);
