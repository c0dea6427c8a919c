-- Cash is handed over for what is bought; what goes back has no change.
alter table pos.payment add constraint payment_back_check check (tendered is null or amount > 0);
