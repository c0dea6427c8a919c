import { module, type Permission } from '#kernel';

const manager: Permission[] = ['pos.sell', 'pos.take_back', 'pos.void', 'pos.manage'];

export default module({
  name: 'pos',
  label: 'Till',
  depends: ['kernel', 'master', 'catalog', 'inventory', 'finance'],
  permissions: {
    'pos.sell': 'Ring up sales, take payments, count the drawer.',
    'pos.take_back': 'Take goods back against a receipt and give the money back.',
    'pos.void': 'Void a receipt of the running session.',
    'pos.manage': 'Set up tills and their quick keys.',
  },
  roles: { cashier: ['pos.sell'], manager, administrator: manager },
  findings: {
    posted_to_later_day: 'Posted to a later day, since its own was closed',
    session_was_closed: 'Arrived after its till session was closed',
    claim_had_ended: 'Sold by a till that another had taken over',
    cost_unknown: 'Sold without a known cost',
  },
  refusals: {
    receipt_differs:
      'Receipt {number} was rung up already with other content. Ring up this sale under a new id.',
    receipt_is_closed: 'A receipt doesn’t change once it is rung up. Take lines back or void it.',
    receipt_does_not_add_up:
      'The receipt’s amounts don’t add up: {why}. Nothing was recorded; ring the sale up again.',
    receipt_has_no_payment:
      'Receipt {number} has no payment, or isn’t posted. Nothing was recorded.',
    already_voided: 'This receipt is voided already.',
    number_is_taken: 'Receipt number {number} of this till is used already. Reload the till page.',
    more_than_sold: 'No more can be taken back than was sold: {product}, {left} left to take back.',
    money_back_other_way:
      'Money goes back the way it came: {method} took {left} that can still be given back.',
    void_other_session:
      'A receipt can be voided only in the session that rang it up. Take its lines back instead.',
    till_is_claimed:
      'Another browser sells at this till since {since}. Take it over if nobody uses it.',
    till_unknown: 'This till isn’t known, or isn’t yours. Choose another.',
    session_is_open: 'This till has an open session. Close it first.',
    session_is_closed: 'This session is closed. Open a new one.',
    session_unknown: 'This session isn’t known. Open one at the till.',
    too_many_lines: 'A receipt holds at most 500 lines. Split the sale.',
  },
  made: {
    till: 'pos.manage',
    quick_key: 'pos.manage',
  },
  lists: {
    cash_movement: { label: 'Cash in and out' },
    receipt_tax: { label: 'Taxes of receipts' },
    till_claim: { label: 'Claims' },
    quick_key: { label: 'Quick keys', columns: 'store_id,position,product_id', sort: 'position' },
    receipt: {
      columns: 'reference,happened_at,store_id,kind,party_id,recorded_by,tax_amount,gross_amount',
      sort: '-happened_at',
      lookUp: true,
    },
    till_session: {
      columns:
        'till_id,store_id,state,opened_at,opened_by,closed_at,expected_amount,counted_amount,difference',
    },
    receipt_line: {
      label: 'Receipt lines',
      columns: 'receipt_id,position,product_id,quantity,unit_price,discount_amount,gross_amount',
    },
    payment: { columns: 'receipt_id,store_id,method,amount,tendered,approval_code' },
  },
  documents: {
    receipt: {
      label: 'Receipt',
      reads: 'pos_logic.receipt_document',
      number: 'reference',
      mail: {
        subject: 'Receipt {number} from {company}',
        text: 'Thank you for your visit. Receipt {number} is attached as PDF.\n\n{company}',
      },
    },
  },
  facts: {
    'master.party': [
      {
        label: 'Receipts',
        list: 'pos.receipt',
        filter: [['party_id', '=', ':id']],
        by: 'store_id',
        total: 'count',
        when: { is_customer: true },
      },
    ],
  },
  areas: { sell: { label: 'Sell', icon: 'cash-register', place: 100 } },
  home: { cashier: 'till' },
  settings: [{ group: 'business', icon: 'device-desktop', list: 'pos.till' }],
  menu: [
    {
      label: 'Till',
      icon: 'cash-register',
      area: 'sell',
      letter: 't',
      page: 'till',
      permission: 'pos.sell',
    },
    { label: 'Receipts', icon: 'receipt', area: 'sell', list: 'pos.receipt' },
    { label: 'Payments', icon: 'cash', area: 'sell', list: 'pos.payment' },
    { label: 'Till sessions', icon: 'clock', area: 'sell', list: 'pos.till_session' },
    {
      label: 'Tills',
      icon: 'device-desktop',
      area: 'sell',
      list: 'pos.till',
      permission: 'pos.manage',
    },
    {
      label: 'Quick keys',
      icon: 'layout-grid',
      area: 'sell',
      list: 'pos.quick_key',
      permission: 'pos.manage',
    },
  ],
});
