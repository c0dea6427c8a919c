-- Cash is handed over for what is bought; what goes back has no change. What was paid back before this stays.
alter table pos.payment add constraint payment_back_check check (tendered is null or amount > 0) not valid;
