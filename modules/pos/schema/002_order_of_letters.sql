-- Names stand in the order that people read letters in: É beside E, small letters beside great ones.

alter table pos.till alter column name type text collate "und-x-icu";
