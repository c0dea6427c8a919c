import { openAsBlob } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { FileReport } from '../../../kernel/import/types.ts';
import { problem } from '../../../kernel/problem.ts';
import { request } from '../desk/remote.ts';
import type { SavedSession } from '../desk/saved_session.ts';
import { reasonOf } from '../output/input.ts';
import type { Brought, ImportWish } from './import.ts';

interface State {
  id: string;
  state: 'reading' | 'checked' | 'loading' | 'done' | 'failed' | 'cancelled';
  done: number;
  total: number;
  files: FileReport[];
  batch?: string;
  problem?: { code: string; detail: string };
}

/** Imports at a server elsewhere: uploads, waits for the check, then loads or leaves it. */
export async function importThere(
  wish: ImportWish,
  { url, token }: SavedSession,
): Promise<Brought> {
  const ask = <T>(method: string, path: string, body?: FormData | object) =>
    request<T>(url, method, path, { token, ...(body ? { body } : {}) });
  const { id } = await ask<{ id: string }>('POST', '/import', await formOf(wish));
  try {
    const checked = await until(['checked']);
    const clean = checked.files.every((f) => f.problems.length === 0);
    if (wish.dryRun || !clean) {
      await ask('DELETE', `/import/${id}`);
      return { files: checked.files };
    }
    await ask('POST', `/import/${id}/load`, {});
    const { files, batch } = await until(['done']);
    return { files, ...(batch ? { id: batch } : {}) };
  } catch (error) {
    if (wish.signal.aborted) await ask('DELETE', `/import/${id}`).catch(() => {});
    throw error;
  }

  async function until(wanted: State['state'][]): Promise<State> {
    for (;;) {
      wish.signal.throwIfAborted();
      const now = await ask<State>('GET', `/import/${id}`);
      wish.onProgress({ step: now.state, done: now.done, total: now.total });
      if (wanted.includes(now.state)) return now;
      if (now.state === 'cancelled') throw problem('import_cancelled');
      if (now.state === 'failed') {
        if (now.files.some((f) => f.problems.length > 0)) return now;
        throw problem(now.problem?.code ?? 'internal', { request_id: id });
      }
      await wait(300, undefined, { signal: wish.signal });
    }
  }
}

async function formOf({ files, mapping }: ImportWish): Promise<FormData> {
  const form = new FormData();
  if (mapping) form.set('mapping', JSON.stringify(mapping));
  for (const { name, path } of files) {
    const blob = await openAsBlob(path).catch((error) => {
      throw problem('file_not_readable', { path, why: reasonOf(error) }, error);
    });
    form.append('files', blob, name);
  }
  return form;
}
