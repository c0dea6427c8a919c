-- Names stand in the order that people read letters in: É beside E, small letters beside great ones.

alter table master.company alter column name type text collate "und-x-icu";
alter table master.tax_registration alter column name type text collate "und-x-icu";
alter table master.store alter column name type text collate "und-x-icu";
alter table master.party alter column name type text collate "und-x-icu";
alter table master.employee alter column name type text collate "und-x-icu";
