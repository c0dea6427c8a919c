import { Id, operation, z } from '../operation.ts';

/** Says that a person has seen to a finding. Error: `not_found`. */
export const closeFinding = operation({
  name: 'kernel.finding.settle',
  label: 'Settle',
  permission: 'kernel.see_findings',
  input: z.strictObject({ id: Id('kernel.finding') }),
  actions: [
    {
      when: { state: 'open' },
      main: true,
      question: 'It is then done with, and leaves the list of what is open.',
    },
  ],
  example: 'kontor kernel finding settle --id 0197a0de-0000-7000-8000-000000000000',
  sql: 'kernel_logic.settle_finding',
});
