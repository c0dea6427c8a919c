-- Names stand in the order that people read letters in: É beside E, small letters beside great ones.

drop index master.party_lower_idx;
alter table master.company alter column name type text collate "und-x-icu";
alter table master.tax_registration alter column name type text collate "und-x-icu";
alter table master.store alter column name type text collate "und-x-icu";
alter table master.party alter column name type text collate "und-x-icu";
alter table master.employee alter column name type text collate "und-x-icu";

-- What is searched is compared without an order, by the simple rule for small and great letters.
create index on master.party using gin (lower(name collate "default") extension.gin_trgm_ops);
