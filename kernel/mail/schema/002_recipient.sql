-- How many e-mails an address got in a day is counted with each that goes there.

create index on mail.message (lower(recipient), queued_at);
