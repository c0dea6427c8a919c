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

interface Where {
  /** Whether addresses of this machine and its networks are sent to, too. */
  inside: boolean;
  signal: AbortSignal;
  /** Asks for the address of a name; the system's own way, unless said otherwise. */
  ask?: (host: string) => Promise<Place>;
}

/**
 * Sends a body to an address outside. The name is resolved once and the connection made to just that
 * address, so that a name can't turn to another one in between; before a word is said the address of
 * the other side is looked at again. No redirect is followed, and nothing takes over ten seconds.
 */
export async function post(
  address: string,
  headers: Record<string, string>,
  body: string,
  { inside, signal, ask = lookup }: Where,
): Promise<Answer> {
  try {
    const url = new URL(address);
    if (url.protocol !== 'https:' && !inside) return { said: 'Only https is spoken outside.' };
    const place = await resolve(url.hostname.replace(/^\[|\]$/g, ''), ask);
    if (!place) return { said: 'Its name isn’t known.' };
    if (!inside && isInside(place.address)) return { said: INSIDE };
    const ending = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
    return await send(url, place, { headers, body, inside, signal: ending });
  } catch (error) {
    signal.throwIfAborted();
    if (error === ELSEWHERE) return { said: INSIDE };
    return { said: String((error as NodeJS.ErrnoException).code ?? error).slice(0, 200) };
  }
}

interface Place {
  address: string;
  family: number;
}

const INSIDE = 'It lies in this machine’s own network, which WEBHOOKS_INSIDE allows.';
const ELSEWHERE = new Error('connected to another address than the one that was looked at');

async function resolve(
  host: string,
  ask: (host: string) => Promise<Place>,
): Promise<Place | undefined> {
  if (isIP(host)) return { address: host, family: isIP(host) };
  return ask(host).catch(() => undefined);
}

interface Sending {
  headers: Record<string, string>;
  body: string;
  inside: boolean;
  signal: AbortSignal;
}

function send(url: URL, place: Place, { headers, body, inside, signal }: Sending): Promise<Answer> {
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
    // With HTTPS nothing was said yet when this comes: its handshake begins after it.
    request.on('socket', (socket) =>
      socket.once('connect', () => {
        if (!inside && isInside(socket.remoteAddress ?? '')) socket.destroy(ELSEWHERE);
      }),
    );
    request.on('error', reject).end(body);
  });
}

/**
 * What isn't an address of one machine out there, by IANA's registers of special purposes (RFC 6890),
 * also those that others reach, and multicast. The two kinds stand in lists of their own: one list would
 * take an IPv4 address for its IPv6 writing, and so for an address of ::/3.
 */
const SPECIAL_4: [string, number][] = [
  ['0.0.0.0', 8], // this network
  ['10.0.0.0', 8], // private
  ['100.64.0.0', 10], // shared by a provider
  ['127.0.0.0', 8], // this machine
  ['169.254.0.0', 16], // this link, and what clouds tell their machines
  ['172.16.0.0', 12], // private
  ['192.0.0.0', 24], // protocols
  ['192.0.2.0', 24], // documentation
  ['192.31.196.0', 24], // AS112
  ['192.52.193.0', 24], // AMT
  ['192.88.99.0', 24], // relays of 6to4
  ['192.168.0.0', 16], // private
  ['192.175.48.0', 24], // AS112
  ['198.18.0.0', 15], // measuring
  ['198.51.100.0', 24], // documentation
  ['203.0.113.0', 24], // documentation
  ['224.0.0.0', 3], // multicast, reserved, broadcast
];
const SPECIAL_6: [string, number][] = [
  // Outside 2000::/3 nothing is given out: ::, ::1, IPv4 within IPv6 (64:ff9b::/96, 64:ff9b:1::/48),
  // 100::/64, 100:0:0:1::/64, 5f00::/16, fc00::/7, fe80::/10, ff00::/8 lie there.
  ['::', 3],
  ['4000::', 2],
  ['8000::', 1],
  ['2001::', 23], // protocols: Teredo, measuring, ORCHID and others
  ['2001:db8::', 32], // documentation
  ['2002::', 16], // 6to4
  ['2620:4f:8000::', 48], // AS112
  ['3fff::', 20], // documentation
];
const [special4, special6, mapped] = [new BlockList(), new BlockList(), new BlockList()];
for (const subnet of SPECIAL_4) special4.addSubnet(...subnet, 'ipv4');
for (const subnet of SPECIAL_6) special6.addSubnet(...subnet, 'ipv6');
mapped.addSubnet('::ffff:0:0', 96, 'ipv6');

/** Whether an address is of this machine, its networks, or none that one sends to. */
export function isInside(address: string): boolean {
  const plain = address.replace(/%.*$/, '');
  const kind = isIP(plain);
  if (kind === 0) return true;
  if (kind === 4) return special4.check(plain, 'ipv4');
  return (mapped.check(plain, 'ipv6') ? special4 : special6).check(plain, 'ipv6');
}
