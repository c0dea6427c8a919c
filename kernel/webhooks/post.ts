import { lookup } from 'node:dns/promises';
import http from 'node:http';
import https from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';

export interface Answer {
  /** Undefined where nobody answered. */
  status?: number;
  /** How the answer begins, or why there is none. */
  said: string;
}

const TIMEOUT_MS = 10_000;
const ANSWER_LETTERS = 500;

/**
 * Sends a body to an address outside. The name is resolved first and the connection made to just that
 * address, so that a name can't turn to another one in between; addresses of this machine and its
 * networks are refused unless `inside`. No redirect is followed, and nothing takes over ten seconds.
 */
export async function post(
  address: string,
  headers: Record<string, string>,
  body: string,
  { inside, signal }: { inside: boolean; signal: AbortSignal },
): Promise<Answer> {
  try {
    const url = new URL(address);
    if (url.protocol !== 'https:' && !inside) return { said: 'Only https is spoken outside.' };
    const place = await resolve(url.hostname.replace(/^\[|\]$/g, ''));
    if (!place) return { said: 'Its name isn’t known.' };
    if (!inside && isInside(place.address)) {
      return { said: 'It lies in this machine’s own network, which WEBHOOKS_INSIDE allows.' };
    }
    const ending = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
    return await send(url, place, { headers, body, signal: ending });
  } catch (error) {
    signal.throwIfAborted();
    return { said: String((error as NodeJS.ErrnoException).code ?? error).slice(0, 200) };
  }
}

interface Place {
  address: string;
  family: number;
}

async function resolve(host: string): Promise<Place | undefined> {
  if (isIP(host)) return { address: host, family: isIP(host) };
  return lookup(host).catch(() => undefined);
}

interface Sending {
  headers: Record<string, string>;
  body: string;
  signal: AbortSignal;
}

function send(url: URL, place: Place, { headers, body, signal }: Sending): Promise<Answer> {
  const known = ((_name, options, done) =>
    options.all ? done(null, [place]) : done(null, place.address, place.family)) as LookupFunction;
  const speak = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const request = speak.request(
      url,
      { method: 'POST', headers, lookup: known, signal, agent: false },
      (answer) => {
        let said = '';
        const over = () => resolve({ status: answer.statusCode ?? 0, said });
        answer.setEncoding('utf8').on('data', (part: string) => {
          said = (said + part).slice(0, ANSWER_LETTERS).replaceAll('\0', '');
          // An answer without end is not read to its end.
          if (said.length >= ANSWER_LETTERS) answer.destroy();
        });
        answer.on('end', over).on('close', over).on('error', reject);
      },
    );
    request.on('error', reject).end(body);
  });
}

const INSIDE: [string, number, 'ipv4' | 'ipv6'][] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  ['::', 127, 'ipv6'],
  ['64:ff9b::', 96, 'ipv6'],
  ['2001::', 32, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
];
const inside = new BlockList();
for (const subnet of INSIDE) inside.addSubnet(...subnet);

/** Whether an address is of this machine, its networks, or none that one sends to. */
export function isInside(address: string): boolean {
  return inside.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}
