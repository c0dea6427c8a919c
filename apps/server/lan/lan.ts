import type { Server } from 'node:https';
import { isIPv4 } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { problem } from '../../../kernel/problem.ts';
import { authority, type Identity, isGood, issue, namesHere } from './authority.ts';
import { fingerprintOf, trustServer } from './trust_page.ts';

const LOOK_MS = 3_600_000;

/** How devices of the shop reach this server, and how they come to trust it. */
export interface Lan {
  /** By the machine's name: the certificate is for its addresses, too. */
  url: string;
  trustUrl: string;
  fingerprint: string;
  close(): Promise<void>;
}

/** A certificate for this machine's names, of the shop's own authority. */
export async function lanIdentity(home: string): Promise<Identity> {
  return issue(await authority(home), namesHere());
}

/**
 * Serves the page that leads devices through trusting this Kontor, one port above, and renews the
 * certificate before it ends or when the machine has a new address. Error: port_taken.
 */
export async function openLan(
  app: FastifyInstance,
  home: string,
  port: number,
  identity: Identity,
): Promise<Lan> {
  const ca = await authority(home);
  const [name = 'localhost'] = namesHere();
  const address = namesHere().find((n) => isIPv4(n) && !n.startsWith('127.')) ?? 'localhost';
  const url = `https://${name}.local:${port}`;
  const trustPort = port + 1;
  const trustUrl = `http://${address}:${trustPort}/`;
  const trust = trustServer(ca.cert, `https://${address}:${port}`, trustUrl);
  await new Promise<void>((resolve, reject) => {
    trust.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? problem('port_taken', { port: trustPort }) : error),
    );
    trust.listen({ host: '0.0.0.0', port: trustPort }, resolve);
  });
  let held = identity;
  const look = setInterval(async () => {
    if (isGood(held, namesHere())) return;
    held = await issue(ca, namesHere());
    (app.server as unknown as Server).setSecureContext(held);
  }, LOOK_MS);
  return {
    url,
    trustUrl,
    fingerprint: fingerprintOf(ca.cert),
    async close() {
      clearInterval(look);
      trust.closeAllConnections();
      await new Promise((resolve) => trust.close(resolve));
    },
  };
}
