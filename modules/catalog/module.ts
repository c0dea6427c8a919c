import { module, type Permission } from '#kernel';

const manage: Permission[] = ['catalog.see', 'catalog.manage', 'catalog.see_cost'];

export default module({
  name: 'catalog',
  label: 'Catalogue',
  depends: ['kernel', 'master'],
  permissions: {
    'catalog.see': 'See products, prices and taxes.',
    'catalog.manage': 'Make and change products, prices and taxes.',
    'catalog.see_cost': 'See what products cost us.',
  },
  roles: { cashier: ['catalog.see'], manager: manage, administrator: manage },
  made: {
    product_category: 'catalog.manage',
    brand: 'catalog.manage',
    unit: 'catalog.manage',
    tax: 'catalog.manage',
    product: 'catalog.manage',
    price_list: 'catalog.manage',
    price_list_line: 'catalog.manage',
    store_pricing: 'catalog.manage',
  },
  lists: {
    price_list_line: { label: 'Prices' },
    store_pricing: { label: 'Prices of stores' },
    unit: { label: 'Units' },
    product: {
      columns: 'number,name,unit_price,product_category_id,brand_id,barcode,model_year,kind',
      lookUp: true,
      sections: {
        Details: 'number,name,barcode,kind,variant_of_id,model_year',
        'Prices and tax': 'unit_price,unit_cost,tax_id,unit_id',
        Classification: 'product_category_id,brand_id',
      },
    },
  },
  areas: { products: { label: 'Products', icon: 'package', place: 400 } },
  settings: [
    { group: 'business', icon: 'receipt-tax', list: 'catalog.tax' },
    { group: 'business', icon: 'list', list: 'catalog.price_list' },
  ],
  menu: [
    { label: 'Products', icon: 'package', area: 'products', letter: 'p', list: 'catalog.product' },
    { label: 'Categories', icon: 'category', area: 'products', list: 'catalog.product_category' },
    { label: 'Brands', icon: 'tag', area: 'products', list: 'catalog.brand' },
    { label: 'Taxes', icon: 'receipt-tax', area: 'products', list: 'catalog.tax' },
    { label: 'Price lists', icon: 'list-details', area: 'products', list: 'catalog.price_list' },
  ],
});
