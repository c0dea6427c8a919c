-- An e-mail whose job was cancelled waits for nothing.
alter table mail.message drop constraint message_state_check;
alter table mail.message add constraint message_state_check
  check (state in ('waiting', 'sent', 'failed', 'cancelled'));
