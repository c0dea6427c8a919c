-- A reckoned figure says what it is, as others do.
alter table pos.till_session alter column difference type kernel.money;
