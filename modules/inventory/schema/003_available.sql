-- A reckoned figure says what it is, as others do.
alter table inventory.stock_level alter column available type kernel.quantity;
