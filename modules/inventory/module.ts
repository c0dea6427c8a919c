import { module, type Permission } from '#kernel';

const manage: Permission[] = [
  'inventory.see',
  'inventory.see_cost',
  'inventory.count',
  'inventory.manage',
];

export default module({
  name: 'inventory',
  label: 'Stock',
  depends: ['kernel', 'master', 'catalog'],
  permissions: {
    'inventory.see': 'See how much is where.',
    'inventory.see_cost': 'See what stock is worth.',
    'inventory.count': 'Count stock and post the difference.',
    'inventory.manage': 'Set up warehouses and when to reorder.',
  },
  roles: { cashier: ['inventory.see'], manager: manage, administrator: manage },
  findings: { stock_below_zero: 'Stock is below zero' },
  refusals: {
    stock_below_zero:
      'A warehouse can’t give what it doesn’t have: {product} would be at {on_hand}.',
    location_is_used:
      '{location} holds or held goods and keeps its kind. Make another location and move them there.',
    count_is_posted: 'This count is posted already.',
  },
  made: {
    warehouse: 'inventory.manage',
    location: 'inventory.manage',
    reorder_rule: 'inventory.manage',
  },
  lists: {
    location: { label: 'Locations' },
    stock_count_line: { label: 'Counted products' },
    warehouse: { label: 'Warehouses' },
    stock_level: { columns: 'product_id,location_id,store_id,on_hand,available,value_amount' },
    stock_move: {
      columns:
        'happened_at,product_id,location_id,store_id,reason,quantity,value_amount,recorded_by',
    },
  },
  pages: {
    stock_count_new: { label: 'Take a count', permission: 'inventory.count' },
  },
  facts: {
    'catalog.product': [
      {
        label: 'On hand',
        list: 'inventory.stock_level',
        filter: [['product_id', '=', ':id']],
        by: 'store_id',
        total: 'sum:on_hand',
        apart: true,
      },
      {
        label: 'Stock value',
        list: 'inventory.stock_level',
        filter: [['product_id', '=', ':id']],
        by: 'store_id',
        total: 'sum:value_amount',
      },
    ],
    'master.store': [
      {
        label: 'Stock value',
        list: 'inventory.stock_level',
        filter: [['store_id', '=', ':id']],
        by: 'location_id',
        total: 'sum:value_amount',
      },
    ],
  },
  areas: { stock: { label: 'Stock', icon: 'packages', place: 450 } },
  settings: [{ group: 'business', icon: 'package', list: 'inventory.location' }],
  menu: [
    { label: 'Stock', icon: 'packages', area: 'stock', list: 'inventory.stock_level' },
    { label: 'Moves', icon: 'arrows-exchange', area: 'stock', list: 'inventory.stock_move' },
    { label: 'Counts', icon: 'clipboard-check', area: 'stock', list: 'inventory.stock_count' },
    { label: 'Reorder rules', icon: 'bell', area: 'stock', list: 'inventory.reorder_rule' },
  ],
});
