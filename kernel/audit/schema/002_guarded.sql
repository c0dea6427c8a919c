-- What a custom field that not everybody may see was and became: kept for conflicts and undo, and
-- granted to nobody, for who reads the trail need not have that permission.
alter table audit.change add column guarded jsonb;
comment on column audit.change.guarded is 'Guarded | Values of fields that need a permission of their own: [before, after].';
