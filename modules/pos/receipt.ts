import {
  Address,
  Currency,
  Fraction,
  Id,
  Language,
  language,
  Moment,
  Money,
  mailDocument,
  operation,
  Quantity,
  Text,
  z,
} from '#kernel';

const Tax = z.strictObject({ tax_id: Id('catalog.tax'), base_amount: Money, tax_amount: Money });

const Line = z.strictObject({
  position: z.int().min(1).max(500),
  product_id: Id('catalog.product'),
  quantity: Quantity,
  unit_price: Money,
  discount_fraction: Fraction.optional(),
  discount_amount: Money.optional(),
  net_amount: Money,
  tax_amount: Money,
  taxes: z.array(Tax).max(10).optional(),
});

const Method = z.enum(['cash', 'card', 'transfer', 'store_credit']);
const Payment = z.strictObject({
  position: z.int().min(1).max(20),
  method: Method,
  amount: Money,
  tendered: Money.optional(),
  approval_code: Text(40).optional(),
});

const Head = {
  id: Id('pos.receipt'),
  claim_id: Id('pos.till_claim'),
  till_session_id: Id('pos.till_session'),
  number: z.int().positive(),
  happened_at: Moment.optional(),
};

/**
 * Rings up a sale that was made at a till. The till made the id and the number; a repeat answers
 * with the first receipt. Errors: `receipt_differs`, `receipt_does_not_add_up`, `number_is_taken`.
 */
export const ringUp = operation({
  name: 'pos.receipt.ring_up',
  label: 'Ring up',
  permission: 'pos.sell',
  input: z.strictObject({
    ...Head,
    currency: Currency,
    price_includes_tax: z.boolean().optional(),
    party_id: Id('master.party').nullish(),
    discount_fraction: Fraction.optional(),
    net_amount: Money,
    tax_amount: Money,
    lines: z.array(Line).min(1).max(500),
    payments: z.array(Payment).max(20),
  }),
  example: 'kontor pos receipt ring_up --file sale.json',
  keyed: false, // the receipt's own id is found for ever
  sql: 'pos_logic.ring_up', // hot: the whole write is one statement
});

/**
 * Takes lines back against a receipt: goods to the shelf, money back the same way. Of a receipt that
 * was paid in several ways, `method` gives back first; without it the one that paid most.
 * Errors: `more_than_sold`, `money_back_other_way`.
 */
export const takeBack = operation({
  name: 'pos.receipt.take_back',
  label: 'Take back',
  permission: 'pos.take_back',
  input: z.strictObject({
    ...Head,
    receipt_id: Id('pos.receipt'),
    reason: Text(200).optional(),
    lines: z
      .array(z.strictObject({ receipt_line_id: Id('pos.receipt_line'), quantity: Quantity }))
      .min(1)
      .max(500),
    method: Method.optional(),
    payments: z.array(Payment).max(20).optional(),
  }),
  example: 'kontor pos receipt take_back --file back.json',
  keyed: false,
  sql: 'pos_logic.take_back',
});

/** Takes a whole receipt of the running session back. Error: `void_other_session`. */
export const voidReceipt = operation({
  name: 'pos.receipt.void',
  label: 'Void',
  permission: 'pos.void',
  input: z.strictObject({ ...Head, receipt_id: Id('pos.receipt'), reason: Text(200).min(3) }),
  example: 'kontor pos receipt void --file void.json',
  keyed: false,
  sql: 'pos_logic.void',
});

/**
 * Sends a receipt as PDF by e-mail: it is queued, and a job sends it. Errors: `mail_not_set_up`,
 * `not_found`, `mailed_often`, `mailed_often_to`.
 */
export const emailReceipt = operation({
  name: 'pos.receipt.email',
  label: 'E-mail',
  permission: 'pos.sell',
  input: z.strictObject({ id: Id('pos.receipt'), to: Address, language: Language.optional() }),
  example:
    'kontor pos receipt email --id 0197a0de-0000-7000-8000-000000000000 --to ana@example.com',
  run: (call, { id, to, language: asked = language() }) =>
    mailDocument(call, { document: 'pos.receipt', id, to, language: asked }),
});
