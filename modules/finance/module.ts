import { module, type Permission } from '#kernel';

const manager: Permission[] = ['finance.see'];
const all: Permission[] = [...manager, 'finance.see_company', 'finance.manage', 'finance.close'];

export default module({
  name: 'finance',
  label: 'Books',
  depends: ['kernel', 'master', 'inventory'],
  permissions: {
    'finance.see': 'See the books of a store.',
    'finance.see_company': 'See the books of the whole company.',
    'finance.manage': 'Set up accounts and journals.',
    'finance.close': 'Close and reopen periods.',
  },
  roles: { manager, administrator: all },
  refusals: {
    entry_does_not_balance: 'Debit {debit} and credit {credit} of entry {number} differ.',
    entry_is_posted: 'A posted entry doesn’t change; post one that reverses it.',
    entry_has_no_lines: 'Entry {number} has no lines.',
    period_is_closed: 'The books are closed for {posted_on}. Choose a day in an open period.',
    currency_is_fixed: 'The currency stays as it is once something is posted.',
    account_missing: 'No account has the purpose “{purpose}”. Set one in the chart of accounts.',
  },
  made: {
    account: 'finance.manage',
    journal: 'finance.manage',
  },
  lists: {
    journal_entry: { columns: 'number,posted_on,journal_id,store_id,text,happened_at' },
    journal: { label: 'Journals' },
    journal_line: {
      label: 'Entry lines',
      columns: 'account_id,journal_entry_id,posted_on,store_id,party_id,debit,credit',
    },
    period: { columns: 'name,starts_on,ends_on,state' },
  },
  areas: { accounting: { label: 'Accounting', icon: 'scale', place: 600 } },
  settings: [
    { group: 'business', icon: 'scale', list: 'finance.account' },
    { group: 'business', icon: 'calendar', list: 'finance.period' },
  ],
  menu: [
    {
      label: 'Trial balance',
      icon: 'scale',
      area: 'accounting',
      page: 'report/trial_balance',
      permission: 'finance.see_company',
    },
    {
      label: 'Entries',
      icon: 'book',
      area: 'accounting',
      list: 'finance.journal_entry',
      permission: 'finance.see',
    },
    {
      label: 'Accounts',
      icon: 'list-tree',
      area: 'accounting',
      list: 'finance.account',
      permission: 'finance.see',
    },
    {
      label: 'Periods',
      icon: 'calendar',
      area: 'accounting',
      list: 'finance.period',
      permission: 'finance.see',
    },
  ],
});
