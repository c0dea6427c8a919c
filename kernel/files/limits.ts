import { problem } from '../problem.ts';

const MOST_MB = 25;

/** The largest file that is taken, in MB: FILES_MOST_MB, 1 to 2000. Error: setting_not_a_number. */
export function mostMegabytes(env: Record<string, string | undefined> = process.env): number {
  const value = env.FILES_MOST_MB?.trim();
  if (!value) return MOST_MB;
  const most = /^\d{1,4}$/.test(value) ? Number(value) : Number.NaN;
  if (most >= 1 && most <= 2000) return most;
  throw problem('setting_not_a_number', { name: 'FILES_MOST_MB', value, least: 1, most: 2000 });
}
