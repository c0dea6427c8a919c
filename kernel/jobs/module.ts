import type { Module } from '../module.ts';
import type { AnyOperation } from '../operation.ts';
import { cancelRun, retryRun, startRun, switchSchedule } from './run.ts';

export const jobsModule: Module & { folder: string; operations: AnyOperation[] } = {
  name: 'jobs',
  label: 'Jobs',
  folder: 'kernel/jobs',
  depends: ['kernel', 'identity', 'audit'],
  permissions: {
    'jobs.use': 'See one’s own jobs, cancel them and try them again.',
    'jobs.see_all': 'See the jobs of everybody, and what comes by itself.',
    'jobs.manage': 'Cancel, start and try again the jobs of everybody; switch schedules.',
  },
  roles: {
    cashier: ['jobs.use'],
    manager: ['jobs.use', 'jobs.see_all'],
    administrator: ['jobs.use', 'jobs.see_all', 'jobs.manage'],
  },
  refusals: {
    job_unknown: 'There is no job {job} to queue.',
    job_failed: 'It failed on our side. Who looks after Kontor finds it in the log under {run}.',
    job_actor_off: 'The user it acts as is switched off. Switch them on, then try again.',
    job_too_long: 'It ran for twelve hours and was stopped.',
    run_is_over: 'This job is over already: it is {state}.',
    run_not_ended: 'Only what failed or was cancelled can be tried again; this is {state}.',
  },
  settings: [
    {
      group: 'installation',
      icon: 'progress',
      page: 'jobs',
      label: 'Jobs',
      help: 'Background work and its schedule.',
      permission: 'jobs.use',
    },
  ],
  menu: [
    { label: 'Jobs', icon: 'progress', area: 'settings', page: 'jobs', permission: 'jobs.use' },
  ],
  operations: [cancelRun, retryRun, startRun, switchSchedule],
};
