import { join } from 'node:path';
import { copyProgram } from './program_copy.ts';
import { startProxy } from './proxy.ts';
import {
  clientOf,
  eventually,
  type Goods,
  makeGoods,
  openTill,
  ownerAt,
  ringUp,
  type ServerProcess,
  startServerProcess,
} from './servers.ts';
import type { Counter } from './shop.ts';

/** What a deploy did to those who worked meanwhile. */
export interface Rolled {
  calls: number;
  /** Refusals and broken connections, in words. */
  failed: string[];
  /** From asking to the answer, of the call that took longest. */
  longest_ms: number;
  /** The same before anything was deployed. */
  longest_before_ms: number;
  /** How the servers of this version ended, and when (milliseconds). */
  left: { code: number | null; at: number }[];
  /** The next version’s server, which now serves alone. */
  next: ServerProcess;
  client: ReturnType<typeof clientOf>;
  goods: Goods[];
  at: Counter;
}

/** For how long a server that leaves says so. */
export const DRAIN_SECONDS = 1;
const TILLS = 4;
const READERS = 2;
const WHILE_MS = 1500;

/**
 * Two servers of this version sell under load behind a proxy; one of the next version starts beside
 * them, deploys and takes over; the two make room, one after the other.
 */
export async function rollOver(
  databaseUrl: string,
  folder: string,
  nextVersion: string,
): Promise<Rolled> {
  const env = {
    DATABASE_URL: databaseUrl,
    KONTOR_SUPERVISED: '1',
    DRAIN_SECONDS: String(DRAIN_SECONDS),
  };
  const first = await startServerProcess({ ...env, KONTOR_HOME: join(folder, 'first') });
  const second = await startServerProcess({ ...env, KONTOR_HOME: join(folder, 'second') });
  const proxy = await startProxy([first.url, second.url]);
  let next: ServerProcess | undefined;
  try {
    const owner = await ownerAt(first.url);
    const goods = await makeGoods(owner, 10);
    const client = clientOf(() => proxy.url, owner.token);
    const tills = await Promise.all(Array.from({ length: TILLS }, () => openTill(owner)));
    const load = startLoad(client, tills, goods);
    await new Promise((r) => setTimeout(r, WHILE_MS));
    const longest_before_ms = load.longest();
    const program = copyProgram(folder, nextVersion);
    next = await startServerProcess({ ...env, KONTOR_HOME: join(folder, 'next') }, program);
    proxy.add(next.url);
    const left = await Promise.all(
      [first, second].map(async (one) => ({ code: await one.ended, at: performance.now() })),
    );
    const before = load.calls();
    await eventually('the next version sells', () => load.calls() > before + 50);
    const { calls, failed } = await load.end();
    return {
      ...{ calls, failed, longest_ms: load.longest(), longest_before_ms, left, next, goods },
      client: clientOf(() => (next as ServerProcess).url, owner.token),
      at: tills[0] as Counter,
    };
  } catch (error) {
    await next?.stop();
    throw error;
  } finally {
    for (const one of [first, second]) if (one.child.connected) await one.stop();
    await proxy.close();
  }
}

function startLoad(client: ReturnType<typeof clientOf>, tills: Counter[], goods: Goods[]) {
  let going = true;
  let calls = 0;
  let longest = 0;
  const failed: string[] = [];
  const work = async (once: () => Promise<unknown>) => {
    while (going) {
      const begun = performance.now();
      await once().catch((error) => failed.push(String(error)));
      longest = Math.max(longest, performance.now() - begun);
      calls += 1;
    }
  };
  const all = [
    ...tills.map((at) => work(() => ringUp(client, at, goods))),
    ...Array.from({ length: READERS }, (_, n) =>
      work(() =>
        n % 2
          ? client.get('report/trial_balance')
          : client.get('catalog/product?limit=20&count=true'),
      ),
    ),
  ];
  return {
    calls: () => calls,
    longest: () => longest,
    async end() {
      going = false;
      await Promise.all(all);
      return { calls, failed };
    },
  };
}
