import { Id, Moment, Money, operation, Text, z } from '#kernel';

const Amount = Money.refine((m) => !m.startsWith('-'), 'An amount is not below zero.');

/** Claims a till for a browser. Errors: `till_unknown`, `till_is_claimed`. */
export const claimTill = operation({
  name: 'pos.till.claim',
  label: 'Sell here',
  permission: 'pos.sell',
  input: z.strictObject({
    till_id: Id('pos.till'),
    claim_id: Id('pos.till_claim'),
    take_over: z.boolean().optional(),
  }),
  example: 'kontor pos till claim --till-id ID --claim-id ID',
  keyed: false, // answers with what is true now: the next number
  sql: 'pos_logic.claim_till',
});

/** Opens a session with the float in the drawer. Error: `session_is_open`. */
export const openSession = operation({
  name: 'pos.till_session.open',
  label: 'Open session',
  permission: 'pos.sell',
  input: z.strictObject({
    id: Id('pos.till_session'),
    claim_id: Id('pos.till_claim'),
    opening_float: Amount,
    happened_at: Moment.optional(),
  }),
  example: 'kontor pos till_session open --id ID --claim-id ID --opening-float 150.00',
  sql: 'pos_logic.open_session',
});

/** Puts cash into the drawer or takes it out. Error: `session_is_closed`. */
export const moveCash = operation({
  name: 'pos.till_session.move_cash',
  label: 'Cash in or out',
  permission: 'pos.sell',
  input: z.strictObject({
    id: Id('pos.cash_movement'),
    till_session_id: Id('pos.till_session'),
    kind: z.enum(['in', 'out']),
    amount: Amount,
    reason: Text(200).min(1),
  }),
  example: 'kontor pos till_session move_cash --file cash.json',
  sql: 'pos_logic.move_cash',
});

/** Closes a session with what was counted; the difference is booked. Error: `session_is_closed`. */
export const closeSession = operation({
  name: 'pos.till_session.close',
  label: 'Close session',
  permission: 'pos.sell',
  input: z.strictObject({
    id: Id('pos.till_session'),
    counted_amount: Amount,
    happened_at: Moment.optional(),
  }),
  example: 'kontor pos till_session close --id ID --counted-amount 812.50',
  sql: 'pos_logic.close_session',
});
