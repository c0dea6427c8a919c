-- Names stand in the order that people read letters in: É beside E, small letters beside great ones.

alter table kernel.saved_view alter column name type text collate "und-x-icu";
