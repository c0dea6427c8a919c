import { module, type Permission } from '#kernel';

const manager: Permission[] = ['sales.see', 'sales.manage', 'sales.see_figures', 'sales.set_goal'];

export default module({
  name: 'sales',
  label: 'Sales',
  depends: ['kernel', 'master', 'catalog', 'inventory', 'pos'],
  permissions: {
    'sales.see': 'See customers’ orders.',
    'sales.manage': 'Bring past orders.',
    'sales.see_figures': 'See what a whole store sells, and its goals.',
    'sales.set_goal': 'Set sales goals.',
  },
  roles: {
    cashier: ['sales.see'],
    manager,
    administrator: manager,
  },
  refusals: {
    period_unknown:
      '“{period}” is no period. Use today, week, month, year, a month such as 2026-11 or a year.',
  },
  made: { sales_goal: 'sales.set_goal' },
  lists: {
    sales_order_line: { label: 'Order lines' },
    sales_order: {
      columns: 'number,ordered_on,store_id,party_id,state,net_amount,shipped_on',
      lookUp: true,
    },
    sold_line: {
      label: 'Lines sold',
      columns: 'business_on,document,store_id,product_id,quantity,net_amount',
      sort: '-business_on',
    },
    sales_goal: { columns: 'month_on,store_id,net_amount', sort: '-month_on' },
  },
  facts: {
    'catalog.product': [
      {
        label: 'Sold in the last 30 days',
        list: 'sales.sold_line',
        filter: [
          ['product_id', '=', ':id'],
          ['business_on', 'within', 'last 30 days'],
        ],
        by: 'store_id',
        total: 'sum:quantity',
        apart: true,
        permission: 'sales.see',
      },
      {
        label: 'Last sold',
        list: 'sales.sold_line',
        filter: [
          ['product_id', '=', ':id'],
          ['kind', 'in', ['sale', 'order']],
        ],
        by: 'store_id',
        total: 'max:business_on',
        permission: 'sales.see',
      },
    ],
    'master.party': [
      {
        label: 'Bought without tax',
        list: 'sales.sold_line',
        filter: [['party_id', '=', ':id']],
        by: 'store_id',
        total: 'sum:net_amount',
        when: { is_customer: true },
        permission: 'sales.see',
      },
      {
        label: 'Last bought',
        list: 'sales.sold_line',
        filter: [
          ['party_id', '=', ':id'],
          ['kind', 'in', ['sale', 'order']],
        ],
        by: 'store_id',
        total: 'max:business_on',
        when: { is_customer: true },
        permission: 'sales.see',
      },
    ],
    'master.store': [
      {
        label: 'Sold this month',
        list: 'sales.sold_line',
        filter: [
          ['store_id', '=', ':id'],
          ['business_on', 'within', 'this month'],
        ],
        by: 'business_on:day',
        total: 'sum:net_amount',
        permission: 'sales.see_figures',
      },
    ],
    'master.employee': [
      {
        label: 'Sold this month',
        list: 'pos.receipt',
        filter: [
          ['recorded_by', '=', ':user_id'],
          ['business_on', 'within', 'this month'],
        ],
        by: 'business_on:day',
        total: 'sum:net_amount',
        permission: 'sales.see_figures',
      },
    ],
  },
  areas: {
    sales: { label: 'Sales', icon: 'file-text', place: 200 },
    reports: { label: 'Reports', icon: 'chart-bar', place: 850 },
  },
  menu: [
    {
      label: 'Dashboard',
      icon: 'layout-dashboard',
      area: 'home',
      letter: 'd',
      page: 'dashboard',
      permission: 'sales.see',
    },
    { label: 'Orders', icon: 'file-text', area: 'sales', list: 'sales.sales_order' },
    {
      label: 'Sales goals',
      icon: 'target-arrow',
      area: 'sales',
      list: 'sales.sales_goal',
      permission: 'sales.see_figures',
    },
    { label: 'Reports', icon: 'chart-bar', area: 'reports', letter: 'r', page: 'reports' },
  ],
});
