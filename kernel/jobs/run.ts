import { Id, operation, Text, z } from '../operation.ts';

const Which = z.strictObject({ id: Id('jobs.run') });
const SOME_ID = '0197a0de-0000-7000-8000-000000000000';

/** Cancels what waits, stops what runs; others' only for who manages jobs. Errors: `not_found`, `run_is_over`. */
export const cancelRun = operation({
  name: 'jobs.run.cancel',
  label: 'Cancel',
  permission: 'jobs.use',
  input: Which,
  example: `kontor jobs run cancel --id ${SOME_ID}`,
  sql: 'jobs_logic.cancel_run',
});

/** Queues anew what failed or was cancelled. Errors: `not_found`, `run_not_ended`. */
export const retryRun = operation({
  name: 'jobs.run.retry',
  label: 'Try again',
  permission: 'jobs.use',
  input: Which,
  example: `kontor jobs run retry --id ${SOME_ID}`,
  sql: 'jobs_logic.retry_run',
});

/** Starts a scheduled job now, beside its schedule. Error: `job_unknown`. */
export const startRun = operation({
  name: 'jobs.run.start',
  label: 'Start now',
  permission: 'jobs.manage',
  input: z.strictObject({ job: Text(200).min(1) }),
  example: 'kontor jobs run start --job kernel.record.tidy',
  sql: 'jobs_logic.start_run',
});

/** Switches a schedule on or off; what it missed while off does not come later. Error: `not_found`. */
export const switchSchedule = operation({
  name: 'jobs.schedule.switch',
  label: 'Switch on or off',
  permission: 'jobs.manage',
  input: z.strictObject({ id: Id('jobs.schedule'), is_active: z.boolean() }),
  example: `kontor jobs schedule switch --id ${SOME_ID} --is-active false`,
  sql: 'jobs_logic.switch_schedule',
});
