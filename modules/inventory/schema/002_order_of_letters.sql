-- Names stand in the order that people read letters in: É beside E, small letters beside great ones.

alter table inventory.warehouse alter column name type text collate "und-x-icu";
alter table inventory.location alter column name type text collate "und-x-icu";
