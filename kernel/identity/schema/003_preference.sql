-- How somebody wants their screens, wherever they sign in.

create table identity.preference (
  id        uuid primary key references identity.user,
  language  text check (language ~ '^[a-z]{2}(-[A-Z]{2})?$'),
  theme     text check (theme in ('light', 'dark', 'auto')),
  density   text check (density in ('compact', 'comfortable')),
  is_toured boolean not null default false,
  pinned    text[] not null default '{}'
            check (cardinality(pinned) <= 20 and length(array_to_string(pinned, '')) <= 4000),
  version   integer not null default 1
);
comment on table identity.preference is 'Preference | How a person wants their screens; empty where they never said.';
comment on column identity.preference.id is 'User';
comment on column identity.preference.language is 'Language';
comment on column identity.preference.theme is 'Theme';
comment on column identity.preference.density is 'Density | Of the rows of a list.';
comment on column identity.preference.is_toured is 'Shown around | Whether the tour for new people was seen or skipped.';
comment on column identity.preference.pinned is 'Pinned pages | Their addresses, as they stand on top of the menu.';
comment on column identity.preference.version is 'Version';
