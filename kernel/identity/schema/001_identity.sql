-- Who may come in, and what each may do where.

create table identity.role (
  name  text primary key check (name ~ '^[a-z_]+$'),
  label text not null
);
comment on table identity.role is 'Role | What a user may, under one word.';
comment on column identity.role.name is 'Name';
comment on column identity.role.label is 'Label | As screens say it.';

create table identity.permission (
  name     text primary key,
  sentence text not null
);
comment on table identity.permission is 'Permission | One thing that may be done; kept by deploy.';
comment on column identity.permission.name is 'Name';
comment on column identity.permission.sentence is 'Sentence | What it allows.';

create table identity.role_permission (
  role       text not null references identity.role,
  permission text not null references identity.permission,
  primary key (role, permission)
);
create index on identity.role_permission (permission);
comment on table identity.role_permission is 'Role’s permission | What a role may.';
comment on column identity.role_permission.role is 'Role';
comment on column identity.role_permission.permission is 'Permission';

create table identity.user (
  id                   uuid primary key default uuidv7(),
  username             text not null unique check (username ~ '^\S{1,60}$'),
  email                text check (email = lower(email) and email like '%_@_%'),
  name                 text not null check (name <> ''),
  password_hash        text not null,
  must_change_password boolean not null default false,
  is_active            boolean not null default true,
  failed_sign_ins      integer not null default 0,
  locked_until         timestamptz,
  last_sign_in_at      timestamptz,
  password_changed_at  timestamptz not null default now(),
  recorded_at          timestamptz not null default now(),
  version              integer not null default 1
);
create unique index on identity.user (email) where email is not null;
comment on table identity.user is 'User | A person who may sign in.';
comment on column identity.user.id is 'Id';
comment on column identity.user.username is 'Username | What they type to sign in.';
comment on column identity.user.email is 'E-mail';
comment on column identity.user.name is 'Name';
comment on column identity.user.password_hash is 'Password hash | argon2id; only the door reads it.';
comment on column identity.user.must_change_password is 'Must change password | At the next sign-in.';
comment on column identity.user.is_active is 'Active';
comment on column identity.user.failed_sign_ins is 'Failed sign-ins | Since the last good one.';
comment on column identity.user.locked_until is 'Locked until';
comment on column identity.user.last_sign_in_at is 'Last sign-in';
comment on column identity.user.password_changed_at is 'Password changed at';
comment on column identity.user.recorded_at is 'Recorded at';
comment on column identity.user.version is 'Version';

create table identity.user_role (
  id       uuid primary key default uuidv7(),
  user_id  uuid not null references identity.user,
  role     text not null references identity.role,
  store_id uuid references kernel.store_key,
  unique nulls not distinct (user_id, role, store_id)
);
create index on identity.user_role (role);
create index on identity.user_role (store_id);
comment on table identity.user_role is 'User’s role | What a user is, and in which store; without a store, in all.';
comment on column identity.user_role.id is 'Id';
comment on column identity.user_role.user_id is 'User';
comment on column identity.user_role.role is 'Role';
comment on column identity.user_role.store_id is 'Store | Empty means every store.';

create table identity.session (
  id           uuid primary key default uuidv7(),
  token_hash   bytea not null unique,
  user_id      uuid not null references identity.user,
  kind         text not null check (kind in ('browser', 'bearer', 'shell')),
  address      text,
  agent        text,
  started_at   timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at   timestamptz not null,
  ended_at     timestamptz
);
create index on identity.session (user_id, started_at desc);
comment on table identity.session is 'Session | A sign-in that lasts.';
comment on column identity.session.id is 'Id';
comment on column identity.session.token_hash is 'Token hash | SHA-256; the token itself is only with the person.';
comment on column identity.session.user_id is 'User';
comment on column identity.session.kind is 'Kind';
comment on column identity.session.address is 'Address | From where.';
comment on column identity.session.agent is 'Device';
comment on column identity.session.started_at is 'Started at';
comment on column identity.session.last_seen_at is 'Last seen at | To the minute.';
comment on column identity.session.expires_at is 'Expires at';
comment on column identity.session.ended_at is 'Ended at';

create table identity.approval (
  id          uuid primary key default uuidv7(),
  token_hash  bytea not null unique,
  approver_id uuid not null references identity.user,
  actor_id    uuid not null references identity.user,
  operation   text not null,
  body_hash   bytea not null,
  expires_at  timestamptz not null,
  used_at     timestamptz
);
create index on identity.approval (approver_id);
create index on identity.approval (actor_id);
comment on table identity.approval is 'Approval | One person’s consent to one call of another.';
comment on column identity.approval.id is 'Id';
comment on column identity.approval.token_hash is 'Token hash';
comment on column identity.approval.approver_id is 'Approver';
comment on column identity.approval.actor_id is 'Actor | Who may use it.';
comment on column identity.approval.operation is 'Operation';
comment on column identity.approval.body_hash is 'Body hash | SHA-256 of the input that was approved.';
comment on column identity.approval.expires_at is 'Expires at';
comment on column identity.approval.used_at is 'Used at';

create table identity.sign_in_attempt (
  id         uuid primary key default uuidv7(),
  tried_at   timestamptz not null default now(),
  login      text not null,
  user_id    uuid references identity.user,
  address    text,
  outcome    text not null check (outcome in ('signed_in', 'refused', 'locked', 'approved'))
);
create index on identity.sign_in_attempt (tried_at desc, id);
create index on identity.sign_in_attempt (user_id);
comment on table identity.sign_in_attempt is 'Sign-in | Who came in, and who tried to.';
comment on column identity.sign_in_attempt.id is 'Id';
comment on column identity.sign_in_attempt.tried_at is 'Tried at';
comment on column identity.sign_in_attempt.login is 'Login | What was typed, cut at 60 characters.';
comment on column identity.sign_in_attempt.user_id is 'User';
comment on column identity.sign_in_attempt.address is 'Address';
comment on column identity.sign_in_attempt.outcome is 'Outcome';
