import type { Field, Target } from '../../kernel/import/index.ts';

const number = ['id', 'number', 'no', 'nr', 'code', 'key'];
const isActive: Field = {
  name: 'is_active',
  label: 'Active',
  type: 'boolean',
  synonyms: ['active', 'enabled'],
};

export const brands: Target = {
  table: 'catalog.brand',
  label: 'Brands',
  words: ['brand', 'make', 'manufacturer', 'marke'],
  fields: [
    { name: 'number', label: 'Number', type: 'text', synonyms: number },
    {
      name: 'name',
      label: 'Name',
      type: 'text',
      required: true,
      synonyms: ['brand', 'title', 'description'],
    },
    isActive,
  ],
  keys: [['number'], ['name']],
  match: [['number'], ['name']],
};

export const categories: Target = {
  table: 'catalog.product_category',
  label: 'Categories',
  words: ['category', 'product category', 'group', 'product group', 'kategorie'],
  fields: [
    { name: 'number', label: 'Number', type: 'text', synonyms: number },
    {
      name: 'name',
      label: 'Name',
      type: 'text',
      required: true,
      synonyms: ['category', 'title', 'description'],
    },
    {
      name: 'parent_id',
      label: 'Above',
      type: 'text',
      refers: { table: 'catalog.product_category', by: ['number', 'name'] },
      synonyms: ['parent', 'parent category'],
    },
    isActive,
  ],
  keys: [['number'], ['name']],
  match: [['number'], ['name']],
};

export const products: Target = {
  table: 'catalog.product',
  label: 'Products',
  words: ['product', 'item', 'article', 'artikel', 'sku'],
  fields: [
    {
      name: 'number',
      label: 'Number',
      type: 'text',
      required: true,
      synonyms: [...number, 'sku', 'product', 'item number', 'article number'],
    },
    {
      name: 'name',
      label: 'Name',
      type: 'text',
      required: true,
      synonyms: ['title', 'description', 'designation', 'bezeichnung'],
    },
    { name: 'barcode', label: 'Barcode', type: 'text', synonyms: ['ean', 'upc', 'gtin', 'ean13'] },
    {
      name: 'kind',
      label: 'Kind',
      type: 'text',
      synonyms: ['type', 'product type'],
      choices: {
        stockable: 'stockable',
        consumable: 'consumable',
        service: 'service',
        goods: 'stockable',
      },
    },
    {
      name: 'product_category_id',
      label: 'Category',
      type: 'text',
      refers: { table: 'catalog.product_category', by: ['number', 'name'] },
      synonyms: ['category', 'group', 'product group', 'kategorie'],
    },
    {
      name: 'brand_id',
      label: 'Brand',
      type: 'text',
      refers: { table: 'catalog.brand', by: ['number', 'name'] },
      synonyms: ['manufacturer', 'make', 'marke'],
    },
    {
      name: 'unit_id',
      label: 'Unit',
      type: 'text',
      refers: { table: 'catalog.unit', by: ['code', 'name'] },
      synonyms: ['uom'],
    },
    {
      name: 'tax_id',
      label: 'Tax',
      type: 'text',
      refers: { table: 'catalog.tax', by: ['name'] },
      synonyms: ['tax', 'vat', 'tax class'],
    },
    {
      name: 'variant_of_id',
      label: 'Variant of',
      type: 'text',
      refers: { table: 'catalog.product', by: ['number', 'name'] },
      synonyms: ['variant of'],
    },
    { name: 'model_year', label: 'Model year', type: 'integer', synonyms: ['year'] },
    {
      name: 'unit_price',
      label: 'Price',
      type: 'number',
      required: true,
      synonyms: [
        'list price',
        'price',
        'sales price',
        'selling price',
        'retail price',
        'preis',
        'msrp',
        'rrp',
      ],
    },
    {
      name: 'unit_cost',
      label: 'Cost',
      type: 'number',
      synonyms: ['cost', 'cost price', 'purchase price', 'standard cost', 'einkaufspreis'],
    },
    isActive,
  ],
  keys: [['number']],
  match: [['number']],
};

export const targets = [brands, categories, products];
