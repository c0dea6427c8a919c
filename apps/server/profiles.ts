/** The kinds of business on offer, and the modules that each needs; offered once those stand. */
export const PROFILES: { name: string; title: string; modules: string[] }[] = [
  {
    name: 'retail',
    title: 'Shop',
    modules: ['master', 'catalog', 'inventory', 'finance', 'pos', 'sales'],
  },
  { name: 'showroom', title: 'Vehicle showroom', modules: ['vehicle', 'showroom', 'service'] },
  { name: 'events', title: 'Events house', modules: ['events', 'crm'] },
];
