-- Customers are found by any part of their phone number or e-mail.
create index on master.contact_point using gin (lower(normalised) extension.gin_trgm_ops);
