import { Id, operation, z } from '#kernel';

const Which = z.strictObject({ id: Id('finance.period') });

/** Closes a period: it takes nothing more, also not from a sale under way. Error: `not_found`. */
export const closePeriod = operation({
  name: 'finance.period.close',
  label: 'Close period',
  permission: 'finance.close',
  input: Which,
  actions: [
    {
      when: { state: 'open' },
      question: 'Its books take nothing more; a late sale goes to the first open day.',
    },
  ],
  example: 'kontor finance period close --id 0197a0de-0000-7000-8000-000000000000',
  sql: 'finance_logic.close_period',
});

/** Opens a closed period again; the trail says who did. Error: `not_found`. */
export const reopenPeriod = operation({
  name: 'finance.period.reopen',
  label: 'Reopen period',
  permission: 'finance.close',
  input: Which,
  actions: [
    {
      when: { state: 'closed' },
      question: 'Its books can be written to again. The trail says who reopened it.',
    },
  ],
  example: 'kontor finance period reopen --id 0197a0de-0000-7000-8000-000000000000',
  sql: 'finance_logic.reopen_period',
});
