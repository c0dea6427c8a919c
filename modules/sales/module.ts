import { module } from '#kernel';

export default module({
  name: 'sales',
  label: 'Sales',
  depends: ['kernel', 'master', 'catalog', 'inventory', 'pos'],
  permissions: {
    'sales.see': 'See customers’ orders.',
    'sales.manage': 'Bring past orders.',
  },
  roles: {
    cashier: ['sales.see'],
    manager: ['sales.see', 'sales.manage'],
    administrator: ['sales.see', 'sales.manage'],
  },
  lists: {
    sales_order: {
      columns: 'number,ordered_on,store_id,party_id,state,net_amount,shipped_on',
      lookUp: true,
    },
  },
  menu: [
    { label: 'Dashboard', icon: 'layout-dashboard', page: '' },
    { label: 'Orders', icon: 'file-text', list: 'sales.sales_order' },
    { label: 'Reports', icon: 'chart-bar', page: 'reports' },
  ],
});
