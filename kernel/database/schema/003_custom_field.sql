-- Fields that an administrator adds to a table without code. A row keeps their values in its column
-- custom, as {name: value}; everywhere else such a field is the column custom.<name>.

create table kernel.custom_field (
  id         uuid primary key default uuidv7(),
  version    integer not null default 1,
  table_name text not null,
  name       text not null check (name ~ '^[a-z][a-z0-9_]{0,39}$'),
  label      text not null check (length(btrim(label)) between 1 and 60 and label !~ '[[:cntrl:]|]'),
  help       text not null default '' check (length(help) <= 300 and help !~ '[[:cntrl:]|]'),
  type       text not null check (type in ('text', 'number', 'quantity', 'money', 'date', 'boolean',
                                           'choice', 'reference')),
  choices    text[] check (cardinality(choices) between 1 and 200),
  refers_to  text,
  required   boolean not null default false,
  permission text,
  searchable boolean not null default false,
  position   integer not null default 0 check (position between 0 and 10000),
  is_active  boolean not null default true,
  unique (table_name, name),
  constraint choices_are_of_a_choice check ((type = 'choice') = (choices is not null)),
  constraint reference_leads_somewhere check ((type = 'reference') = (refers_to is not null)),
  constraint required_is_seen_by_all check (not (required and permission is not null))
);
create index on kernel.custom_field (table_name, position, id);
create index on kernel.custom_field (name, id);
comment on table kernel.custom_field is 'Custom field | A field that an administrator added to a table.';
comment on column kernel.custom_field.id is 'Id';
comment on column kernel.custom_field.version is 'Version';
comment on column kernel.custom_field.table_name is 'Table | Whose field it is.';
comment on column kernel.custom_field.name is 'Name | What files and programs call it, behind “custom.”.';
comment on column kernel.custom_field.label is 'Label | As screens say it.';
comment on column kernel.custom_field.help is 'Help | What stands below it in a form.';
comment on column kernel.custom_field.type is 'Type | What it holds; fixed once a row has a value.';
comment on column kernel.custom_field.choices is 'Choices | What one can choose from, in this order.';
comment on column kernel.custom_field.refers_to is 'Refers to | The table whose rows it names.';
comment on column kernel.custom_field.required is 'Required | A new row, and one whose own fields change, must have a value.';
comment on column kernel.custom_field.permission is 'Permission | Who sees and fills it; empty: all who see the row.';
comment on column kernel.custom_field.searchable is 'Searchable | Has an index: found by search, sorted and filtered in large tables.';
comment on column kernel.custom_field.position is 'Position | Its place among the fields of its table.';
comment on column kernel.custom_field.is_active is 'Active';

-- A day as it is kept in JSON. A cast depends on settings, so that no index could use it.
create function kernel.day(kept text) returns date language sql immutable strict parallel safe as $$
  select pg_catalog.make_date(pg_catalog.substr(kept, 1, 4)::integer, pg_catalog.substr(kept, 6, 2)::integer,
                              pg_catalog.substr(kept, 9, 2)::integer)
$$;
