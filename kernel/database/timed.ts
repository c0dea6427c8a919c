/** How long an operation, list or report took; its input isn't in it. */
export interface Timed {
  kind: 'operation' | 'list' | 'facts' | 'report' | 'document';
  name: string;
  ms: number;
  refused: boolean;
}

const listeners = new Set<(said: Timed) => void>();

/** Tells of everything that is timed from now on; answers how to stop. */
export function onTimed(listener: (said: Timed) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export async function timed<T>(
  kind: Timed['kind'],
  name: string,
  work: () => Promise<T>,
): Promise<T> {
  const begun = performance.now();
  let refused = true;
  try {
    const answer = await work();
    refused = false;
    return answer;
  } finally {
    const ms = performance.now() - begun;
    for (const tell of listeners) tell({ kind, name, ms, refused });
  }
}
