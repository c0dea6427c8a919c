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
  menu: [
    { label: 'Dashboard', icon: 'layout-dashboard', page: '' },
    { label: 'Orders', icon: 'file-text', list: 'sales.sales_order' },
    {
      label: 'Sales goals',
      icon: 'target-arrow',
      list: 'sales.sales_goal',
      permission: 'sales.see_figures',
    },
    { label: 'Reports', icon: 'chart-bar', page: 'reports' },
  ],
});
