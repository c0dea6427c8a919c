import { readFileSync, rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { temporaryFolder } from '../kernel/database/postgres/fixture.ts';
import { type Measured, median, startProcess, stopProcess } from './ground.ts';

/** From nothing running to the first page of the built web app, and what the server holds then. */
export async function start(): Promise<Measured[]> {
  const home = temporaryFolder('start');
  await stopProcess((await startProcess(home)).server); // builds what isn't built, makes the database
  const took: number[] = [];
  let megabytes = 0;
  for (let round = 0; round < 3; round++) {
    const began = performance.now();
    const { url, server } = await startProcess(home);
    const answer = await fetch(url);
    await answer.text();
    took.push(performance.now() - began);
    if (!answer.ok) throw new Error(`The web app answers ${answer.status}.`);
    await fetch(`${url}/api/v1/setup`);
    await wait(1500);
    megabytes = residentMegabytes(server.pid);
    await stopProcess(server);
  }
  rmSync(home, { recursive: true, force: true });
  const value = median(took);
  return [
    absolute('warm start to the first answer', 'ms', value, '< 2000', value < 2000),
    absolute('idle memory of the Node process', 'MB', megabytes, '< 200', megabytes < 200),
  ];
}

function absolute(name: string, unit: string, value: number, must: string, ok: boolean): Measured {
  return { name, unit, value, peer: null, peer_value: null, ratio: null, must, ok };
}

function residentMegabytes(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}
