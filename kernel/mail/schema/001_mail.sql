-- By which mail server e-mails go out, and what was sent to whom.

create table mail.server (
  id           uuid primary key default uuidv7(),
  is_only      boolean not null default true unique check (is_only),
  host         text not null check (host ~ '^[A-Za-z0-9]([A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?$'),
  port         integer not null check (port between 1 and 65535),
  security     text not null check (security in ('tls', 'starttls', 'none')),
  username     text check (username <> '' and length(username) <= 200),
  has_password boolean not null default false,
  from_address text not null check (from_address ~ '^[^\s@<>,;"]+@[^\s@<>,;"]+$' and length(from_address) <= 254),
  from_name    text check (from_name <> '' and length(from_name) <= 100),
  version      integer not null default 1,
  -- A password is not called across the street.
  check (security <> 'none' or username is null)
);
comment on table mail.server is 'Mail server | By which e-mails go out.';
comment on column mail.server.id is 'Id';
comment on column mail.server.is_only is 'Only one';
comment on column mail.server.host is 'Host';
comment on column mail.server.port is 'Port';
comment on column mail.server.security is 'Security | TLS from the start, by STARTTLS, or none.';
comment on column mail.server.username is 'User name';
comment on column mail.server.has_password is 'Has a password | The password itself is shown to nobody.';
comment on column mail.server.from_address is 'From address';
comment on column mail.server.from_name is 'From name';
comment on column mail.server.version is 'Version';

create table mail.message (
  id         uuid primary key default uuidv7(),
  table_name text not null,
  row_id     uuid not null,
  recipient  text not null check (recipient ~ '^[^\s@<>,;"]+@[^\s@<>,;"]+$' and length(recipient) <= 254),
  language   text not null check (language ~ '^[a-z]{2,3}$'),
  state      text not null default 'waiting' check (state in ('waiting', 'sent', 'failed')),
  queued_at  timestamptz not null default now(),
  queued_by  uuid not null references identity.user,
  sent_at    timestamptz,
  answer     text check (length(answer) <= 300),
  version    integer not null default 1,
  check ((state = 'sent') = (sent_at is not null))
);
create index on mail.message (table_name, row_id, queued_at desc);
create index on mail.message (queued_at desc, id);
create index on mail.message (queued_by);
comment on table mail.message is 'E-mail | A document that was sent to somebody.';
comment on column mail.message.id is 'Id';
comment on column mail.message.table_name is 'Document';
comment on column mail.message.row_id is 'Record';
comment on column mail.message.recipient is 'Recipient';
comment on column mail.message.language is 'Language';
comment on column mail.message.state is 'State';
comment on column mail.message.queued_at is 'Queued at';
comment on column mail.message.queued_by is 'Queued by';
comment on column mail.message.sent_at is 'Sent at | When the mail server took it.';
comment on column mail.message.answer is 'Answer | What the mail server said last.';
comment on column mail.message.version is 'Version';
