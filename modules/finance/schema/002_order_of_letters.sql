-- Names stand in the order that people read letters in: É beside E, small letters beside great ones.

alter table finance.account alter column name type text collate "und-x-icu";
alter table finance.journal alter column name type text collate "und-x-icu";
