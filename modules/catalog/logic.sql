-- The catalogue is the company's: who may see it sees all of it, but for what things cost us.

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

select kernel_logic.searchable('catalog.product', array['name', 'number', 'barcode']);
select kernel_logic.searchable('catalog.product_category', array['name']);
select kernel_logic.searchable('catalog.brand', array['name']);
select kernel_logic.searchable('catalog.unit', array['name', 'code']);
select kernel_logic.searchable('catalog.tax', array['name']);
select kernel_logic.searchable('catalog.price_list', array['name']);
select kernel_logic.searchable('catalog.price_list_line', array['product_id.name']);
