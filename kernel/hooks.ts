import type { Hook, Module } from './module.ts';

const answers = new Map<Hook, string>();

/** Keeps the SQL functions by which modules answer what the kernel asks of a business. */
export function addHooks({ hooks = {} }: Module): void {
  for (const [name, answer] of Object.entries(hooks)) answers.set(name as Hook, answer);
}

/** The SQL function that answers this; for what only runs once modules are loaded. */
export function loadedHook(name: Hook): string {
  const answer = answers.get(name);
  if (!answer) throw new Error(`No module answers ${name}.`);
  return answer;
}
