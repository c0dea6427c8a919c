import { module, type Permission } from '#kernel';

const see: Permission[] = ['master.see', 'master.see_party', 'master.manage_party'];
const manage: Permission[] = [...see, 'master.see_employee', 'master.manage_employee'];

export default module({
  name: 'master',
  label: 'Business',
  depends: ['kernel', 'identity', 'audit'],
  permissions: {
    'master.see': 'See the company and its stores.',
    'master.manage': 'Change the company, its registrations and stores.',
    'master.see_party': 'See customers and suppliers.',
    'master.manage_party': 'Make and change customers and suppliers.',
    'master.see_employee': 'See who works here.',
    'master.manage_employee': 'Make and change employees.',
  },
  roles: { cashier: see, manager: manage, administrator: [...manage, 'master.manage'] },
  hooks: {
    set_up: 'master_logic.set_up',
    is_set_up: 'master_logic.is_set_up',
    around: 'master_logic.around',
    books: 'master_logic.books',
  },
  refusals: {
    number_is_fixed: 'The number {number} stays as it is: numbers without gaps never change.',
    series_repeats:
      'This format doesn’t name the year, so the series has to begin at {least} or higher: the ' +
      'numbers before it were given.',
    series_is_used:
      'The series {kind} {fiscal_year} gave numbers already and stays as it is. ' +
      'Change the one of the next fiscal year.',
  },
  made: {
    company: 'master.manage',
    tax_registration: 'master.manage',
    store: 'master.manage',
    number_series: 'master.manage',
    party: 'master.manage_party',
    contact_point: 'master.manage_party',
    address: 'master.manage_party',
    employee: 'master.manage_employee',
  },
  lists: {
    address: { label: 'Addresses' },
    contact_point: { label: 'Phones and e-mails' },
    tax_registration: { label: 'Tax registrations' },
    party: { columns: 'number,name,phone,city,is_customer,is_supplier,note', lookUp: true },
    employee: {
      columns: 'number,name,store_id,email,phone,manager_id',
      sections: {
        Details: 'number,first_name,last_name,store_id,manager_id,user_id',
        Contact: 'email,phone,street',
      },
    },
    store: {
      columns: 'code,name,city,street,phone,email',
      sections: {
        Details: 'code,name,company_id,registration_id,time_zone',
        Contact: 'phone,email',
        Address: 'street,city,postal_code,region,country',
      },
    },
  },
  areas: {
    customers: { label: 'Customers', icon: 'users', place: 300 },
    company: { label: 'Company', icon: 'building-store', place: 700 },
  },
  settings: [
    { group: 'business', icon: 'building', list: 'master.company' },
    { group: 'business', icon: 'store', list: 'master.store' },
    { group: 'business', icon: 'id', list: 'master.tax_registration' },
    { group: 'business', icon: 'list-numbers', list: 'master.number_series' },
    { group: 'people', icon: 'id', list: 'master.employee' },
  ],
  menu: [
    {
      label: 'Customers',
      icon: 'users',
      area: 'customers',
      letter: 'c',
      list: 'master.party',
      permission: 'master.see_party',
    },
    {
      label: 'Employees',
      icon: 'id-badge',
      area: 'company',
      list: 'master.employee',
      permission: 'master.see_employee',
    },
    {
      label: 'Stores',
      icon: 'building-store',
      area: 'company',
      list: 'master.store',
      permission: 'master.see',
    },
    {
      label: 'Number series',
      icon: 'list-numbers',
      area: 'settings',
      list: 'master.number_series',
      permission: 'master.manage',
    },
  ],
});
