-- The owner's colour and logo, on every screen and paper.

create table kernel.appearance (
  id        uuid primary key default uuidv7(),
  is_only   boolean not null default true unique check (is_only),
  accent    text check (accent ~ '^#[0-9a-f]{6}$'),
  logo      bytea check (octet_length(logo) between 1 and 200000),
  logo_type text check (logo_type in ('image/png', 'image/jpeg', 'image/webp')),
  version   integer not null default 1,
  check ((logo is null) = (logo_type is null)),
  -- What says that it is a picture begins as one.
  check (logo is null or case logo_type
    when 'image/png' then substr(logo, 1, 8) = '\x89504e470d0a1a0a'::bytea
    when 'image/jpeg' then substr(logo, 1, 3) = '\xffd8ff'::bytea
    else substr(logo, 1, 4) = '\x52494646'::bytea and substr(logo, 9, 4) = '\x57454250'::bytea end)
);
comment on table kernel.appearance is 'Appearance | The business’s own colour and logo.';
comment on column kernel.appearance.id is 'Id';
comment on column kernel.appearance.is_only is 'Only one';
comment on column kernel.appearance.accent is 'Colour | As #0d6e66; how light it is follows the theme, so that it stays readable.';
comment on column kernel.appearance.logo is 'Logo';
comment on column kernel.appearance.logo_type is 'Type of the logo';
comment on column kernel.appearance.version is 'Version';
