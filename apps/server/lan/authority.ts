import 'reflect-metadata';
import { X509Certificate as NodeCertificate } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { AsnConvert } from '@peculiar/asn1-schema';
import {
  GeneralName,
  GeneralSubtree,
  GeneralSubtrees,
  id_ce_nameConstraints,
  NameConstraints,
} from '@peculiar/asn1-x509';
import * as x509 from '@peculiar/x509';
import { findSecret, secret } from '../../../kernel/home.ts';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;
const AUTHORITY_DAYS = 3650;
// What Apple's devices take at most of a certificate that an own authority signed is 825 days.
const LEAF_DAYS = 397;
const RENEW_DAYS = 30;
const PRIVATE_NETS = [
  ...['10.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'],
  ...['fc00::/7', 'fe80::/10', '::1/128'],
];

/** A certificate with its private key, both PEM. */
export interface Identity {
  cert: string;
  key: string;
}

/**
 * The shop's own certificate authority, made the first time and kept in the data home's secrets. By
 * its name constraints it speaks for private names and addresses alone: who trusts it, trusts it for
 * nothing on the internet.
 */
export async function authority(home: string): Promise<Identity> {
  const kept = findSecret(home, 'lan-authority');
  if (kept) return JSON.parse(kept) as Identity;
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: `CN=Kontor at ${plainName()}`,
    ...validFor(AUTHORITY_DAYS),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
        true,
      ),
      new x509.Extension(id_ce_nameConstraints, true, AsnConvert.serialize(constraints())),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const made = { cert: cert.toString('pem'), key: await pemOf(keys.privateKey) };
  // Of two servers that make one at once, both use the one that was kept.
  return JSON.parse(secret(home, 'lan-authority', () => JSON.stringify(made))) as Identity;
}

/** A certificate of that authority for these names and addresses, new. */
export async function issue(by: Identity, names: string[]): Promise<Identity> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const issuer = new x509.X509Certificate(by.cert);
  const cert = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: `CN=${names[0]}`,
    issuer: issuer.subject,
    ...validFor(LEAF_DAYS),
    signingAlgorithm: ALGORITHM,
    signingKey: await privateKey(by.key),
    publicKey: keys.publicKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({
          type: isAddress(value) ? ('ip' as const) : ('dns' as const),
          value,
        })),
      ),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  return { cert: `${cert.toString('pem')}\n${by.cert}`, key: await pemOf(keys.privateKey) };
}

/** Whether it is for these names still, and for a month to come. */
export function isGood({ cert }: Identity, names: string[], now = Date.now()): boolean {
  const read = new NodeCertificate(cert);
  if (Date.parse(read.validTo) - now < RENEW_DAYS * DAY_MS) return false;
  return names.every((n) => (isAddress(n) ? read.checkIP(n) : read.checkHost(n)) !== undefined);
}

/** What others on the network call this machine: its name, and its private addresses. */
export function namesHere(): string[] {
  const addresses = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .map((a) => a.address.split('%')[0] ?? '')
    .filter(isPrivate);
  const own = plainName();
  return [...new Set([own, `${own}.local`, 'localhost', ...addresses, '127.0.0.1', '::1'])];
}

/** By RFC 1918, 3927, 4193, 4291 and 6890. */
export function isPrivate(address: string): boolean {
  if (isIPv4(address)) {
    const [a = 0, b = 0] = address.split('.').map(Number);
    if (a === 169) return b === 254;
    if (a === 172) return b >= 16 && b <= 31;
    if (a === 192) return b === 168;
    return a === 10 || a === 127;
  }
  return /^(f[cd]|fe[89ab]|::1$)/i.test(address);
}

const isAddress = (name: string): boolean => /^[\d.]+$|:/.test(name);

function plainName(): string {
  const first = hostname().split('.')[0]?.toLowerCase() ?? '';
  return /^[a-z0-9-]{1,63}$/.test(first) ? first : 'kontor';
}

/** Private names and addresses, and nothing else. */
function constraints(): NameConstraints {
  const names = [plainName(), 'local', 'lan', 'internal', 'home.arpa', 'localhost'];
  const permitted = [
    ...names.map((dNSName) => new GeneralName({ dNSName })),
    ...PRIVATE_NETS.map((iPAddress) => new GeneralName({ iPAddress })),
  ];
  return new NameConstraints({
    permittedSubtrees: new GeneralSubtrees(permitted.map((base) => new GeneralSubtree({ base }))),
  });
}

const serial = (): string =>
  Buffer.from(crypto.getRandomValues(new Uint8Array(15))).toString('hex');

// Clocks in a shop differ: it is good from yesterday on.
const validFor = (days: number) => ({
  notBefore: new Date(Date.now() - DAY_MS),
  notAfter: new Date(Date.now() + (days - 1) * DAY_MS),
});

async function pemOf(key: CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}

function privateKey(pem: string): Promise<CryptoKey> {
  const bytes = x509.PemConverter.decodeFirst(pem);
  return crypto.subtle.importKey('pkcs8', bytes, ALGORITHM, false, ['sign']);
}
