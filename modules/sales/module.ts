import { module } from '#kernel';

export default module({
  name: 'sales',
  label: 'Sales',
  depends: ['kernel', 'master', 'catalog'],
  permissions: {
    'sales.see': 'See customers’ orders.',
    'sales.manage': 'Bring past orders.',
  },
  roles: {
    cashier: ['sales.see'],
    manager: ['sales.see', 'sales.manage'],
    administrator: ['sales.see', 'sales.manage'],
  },
  menu: [{ label: 'Orders', icon: 'file-text', list: 'sales.sales_order' }],
});
