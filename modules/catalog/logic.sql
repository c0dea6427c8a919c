-- The catalogue is the company's: who may see it sees all of it, but for what things cost us.

-- What the country pack brings: units, the usual tax, a price list in the company's currency.
create or replace function catalog_logic.furnish_company() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  insert into catalog.unit (code, name) values ('C62', 'Piece'), ('HUR', 'Hour'), ('KGM', 'Kilogram'),
    ('MTR', 'Metre'), ('LTR', 'Litre') on conflict do nothing;
  insert into catalog.tax (name, tax_fraction)
  values (case when new.country = 'US' then 'Sales tax' else 'Tax' end, 0) on conflict do nothing;
  insert into catalog.price_list (name, currency) values ('Standard', new.currency) on conflict do nothing;
  return null;
end $$;
create or replace trigger furnish_catalog after insert on master.company
  for each row execute function catalog_logic.furnish_company();
create or replace function catalog_logic.furnish_store() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  insert into catalog.store_pricing (id, price_list_id, tax_id)
  select new.id, l.id, (select id from catalog.tax where is_active order by id limit 1)
    from catalog.price_list l where l.is_active order by l.id limit 1;
  return null;
end $$;
create or replace trigger furnish_catalog after insert on master.store
  for each row execute function catalog_logic.furnish_store();

select kernel_logic.track('catalog.product_category');
select kernel_logic.track('catalog.brand');
select kernel_logic.track('catalog.unit');
select kernel_logic.track('catalog.tax');
select kernel_logic.track('catalog.product');
select kernel_logic.track('catalog.price_list');
select kernel_logic.track('catalog.price_list_line');
select kernel_logic.track('catalog.store_pricing');

select kernel_logic.bind('catalog.product_category', 'catalog.see', 'catalog.manage');
select kernel_logic.bind('catalog.brand', 'catalog.see', 'catalog.manage');
select kernel_logic.bind('catalog.unit', 'catalog.see', 'catalog.manage');
select kernel_logic.bind('catalog.tax', 'catalog.see', 'catalog.manage');
select kernel_logic.bind('catalog.product', 'catalog.see', 'catalog.manage');
select kernel_logic.bind('catalog.price_list', 'catalog.see', 'catalog.manage');
select kernel_logic.bind('catalog.price_list_line', 'catalog.see', 'catalog.manage');
select kernel_logic.bind('catalog.store_pricing', 'catalog.see', 'catalog.manage');

select kernel_logic.readable('catalog.product_category');
select kernel_logic.readable('catalog.brand');
select kernel_logic.readable('catalog.unit');
select kernel_logic.readable('catalog.tax');
select kernel_logic.readable('catalog.product', array['unit_cost'], 'catalog.see_cost');
select kernel_logic.readable('catalog.price_list');
select kernel_logic.readable('catalog.price_list_line');
select kernel_logic.readable('catalog.store_pricing');
grant insert, update on catalog.product_category, catalog.brand, catalog.unit, catalog.tax,
  catalog.product, catalog.price_list, catalog.price_list_line, catalog.store_pricing to kontor_app;

grant usage on sequence catalog.product_number to kontor_app;

select kernel_logic.searchable('catalog.product', array['name', 'number', 'barcode']);
select kernel_logic.searchable('catalog.product_category', array['name']);
select kernel_logic.searchable('catalog.brand', array['name']);
select kernel_logic.searchable('catalog.unit', array['name', 'code']);
select kernel_logic.searchable('catalog.tax', array['name']);
select kernel_logic.searchable('catalog.price_list', array['name']);
select kernel_logic.searchable('catalog.price_list_line', array['product_id.name']);

select kernel_logic.translated('catalog.product', array['name']);
select kernel_logic.translated('catalog.product_category', array['name']);
select kernel_logic.translated('catalog.unit', array['name']);

-- What a rule asks for, where its expression doesn't say it: told to who breaks it.
comment on constraint product_category_check on catalog.product_category is 'a category is not above itself';
comment on constraint product_check on catalog.product is 'a product is no variant of itself';
