-- A job acts by a session of its own, which lives as long as one attempt of it.
alter table identity.session drop constraint session_kind_check;
alter table identity.session add constraint session_kind_check
  check (kind in ('browser', 'bearer', 'shell', 'job'));

-- Whom scheduled jobs act as: nobody signs in as this user ('!' is the hash of no password).
insert into identity.role (name, label) values ('system', 'System') on conflict do nothing;
insert into identity.user (username, name, password_hash) values ('system', 'Kontor', '!');
insert into identity.user_role (user_id, role) select id, 'system' from identity.user where username = 'system';
