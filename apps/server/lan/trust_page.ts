import { randomUUID, X509Certificate } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import bwip from 'bwip-js';

/** A picture of an address for a phone's camera, as SVG. */
const qrOf = (text: string): string =>
  bwip.toSVG({ bcid: 'qrcode', text, paddingwidth: 2, paddingheight: 2 });

/**
 * A plain page that leads each kind of device through trusting the shop's certificate authority, and
 * hands out its certificate. It holds no secret; everything else is sent on to HTTPS.
 */
export function trustServer(cert: string, secureUrl: string, trustUrl: string): Server {
  const der = new X509Certificate(cert).raw;
  const page = trustPage(cert, secureUrl, trustUrl);
  return createServer((request, response) => {
    const path = request.url?.split('?')[0];
    const send = (type: string, body: string | Buffer, name?: string) => {
      response.writeHead(200, {
        'content-type': type,
        'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
        'x-content-type-options': 'nosniff',
        ...(name ? { 'content-disposition': `attachment; filename="${name}"` } : {}),
      });
      response.end(request.method === 'HEAD' ? undefined : body);
    };
    if (path === '/') return send('text/html; charset=utf-8', page);
    if (path === '/kontor-ca.crt') return send('application/x-x509-ca-cert', der, 'kontor-ca.crt');
    if (path === '/kontor-ca.mobileconfig') {
      return send(
        'application/x-apple-aspen-config',
        profileOf(cert, der),
        'kontor-ca.mobileconfig',
      );
    }
    response.writeHead(307, { location: secureUrl + (request.url ?? '/') }).end();
  });
}

/** For people to compare with what the server printed: two ways, so that nobody is in between. */
export const fingerprintOf = (cert: string): string => new X509Certificate(cert).fingerprint256;

function trustPage(cert: string, secureUrl: string, trustUrl: string): string {
  const way = (name: string, steps: string[]) =>
    `<details><summary>${name}</summary><ol>${steps.map((s) => `<li>${s}</li>`).join('')}</ol></details>`;
  const file = '<a href="/kontor-ca.crt">kontor-ca.crt</a>';
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Trust this Kontor</title><style>
body{font:17px/1.55 system-ui,sans-serif;max-width:38rem;margin:0 auto;padding:1.5rem;
color-scheme:light dark}summary{font-weight:600;padding:.7rem 0;cursor:pointer}
details{border-top:1px solid color-mix(in srgb,currentColor 20%,transparent)}
code{font:13px ui-monospace,monospace;overflow-wrap:anywhere}
.go{display:inline-block;background:#1a5fb4;color:#fff;padding:.6rem 1.2rem;border-radius:.4rem;
text-decoration:none}svg{width:9rem;background:#fff;border-radius:.4rem}</style></head><body>
<h1>Trust this Kontor</h1>
<p>Kontor speaks HTTPS with a certificate of your shop’s own. Each device has to trust it once; it is
good for names and addresses of your own network only.</p>
${way('Android', [
  `Download ${file}.`,
  'Settings → Security → Encryption and credentials → Install a certificate → CA certificate.',
  'Choose the file. Android warns; compare the fingerprint below first.',
])}
${way('iPhone and iPad', [
  'Open this page in Safari and download <a href="/kontor-ca.mobileconfig">the profile</a>.',
  'Settings → Profile downloaded → Install.',
  'Settings → General → About → Certificate trust settings: switch Kontor on.',
])}
${way('Windows', [
  `Download ${file} and open it.`,
  'Install certificate → Local machine → Place in: Trusted root certification authorities.',
])}
${way('Mac', [
  `Download ${file} and open it: it goes to Keychain Access.`,
  'Open it there, and under Trust choose: Always trust.',
])}
${way('Linux', [
  `Download ${file}; copy it to /usr/local/share/ca-certificates/ and run update-ca-certificates.`,
  'Chrome and Firefox: Settings → Certificates → Authorities → Import, for websites.',
])}
<p><a class="go" href="${secureUrl}/">Open Kontor</a></p>
<p>${qrOf(trustUrl)}<br>Scan this with another device’s camera: it leads to this page,
<code>${trustUrl}</code>.</p>
<p>Fingerprint (SHA-256), which the server printed too when it started:<br>
<code>${fingerprintOf(cert)}</code></p></body></html>`;
}

/** A profile for Apple’s devices, which take no bare certificate from a page for all of the system. */
function profileOf(cert: string, der: Buffer): string {
  const { subject } = new X509Certificate(cert);
  const name = subject.replace('CN=', '');
  const payload = (
    type: string,
    more: string,
  ) => `<dict><key>PayloadType</key><string>${type}</string>
<key>PayloadVersion</key><integer>1</integer><key>PayloadIdentifier</key><string>kontor.${type}</string>
<key>PayloadUUID</key><string>${randomUUID()}</string><key>PayloadDisplayName</key><string>${name}</string>
${more}</dict>`;
  const root = payload(
    'com.apple.security.root',
    `<key>PayloadContent</key><data>${der.toString('base64')}</data>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">${payload('Configuration', `<key>PayloadContent</key><array>${root}</array>`)}</plist>`;
}
