import { module, type Permission } from '#kernel';

const all: Permission[] = ['x_sample.see', 'x_sample.manage'];

export default module({
  name: 'x_sample',
  label: 'Sample',
  surface: '0.1',
  depends: ['kernel', 'master'],
  permissions: {
    'x_sample.see': 'See what stands in the sample.',
    'x_sample.manage': 'Make, change and finish what stands in the sample.',
  },
  roles: { cashier: ['x_sample.see'], manager: all, administrator: all },
  refusals: { item_is_done: '{name} is finished already.' },
  made: { item: 'x_sample.manage' },
  menu: [{ label: 'Sample', icon: 'package', list: 'x_sample.item', permission: 'x_sample.see' }],
});
