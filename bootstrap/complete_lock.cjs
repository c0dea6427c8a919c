'use strict';
// Completes package-lock.json after `npm install` has changed it, where the registry at hand
// doesn't carry every platform's optional packages: npm then leaves them out of the lock file, and
// `npm ci` refuses such a file everywhere. Each gets an entry with the version that its parent
// pins, and the system that its name tells, so that other systems pass it by.
//
//   node bootstrap/complete_lock.cjs            completes it
//   node bootstrap/complete_lock.cjs --check    only tells (exit code 1) what is missing

const fs = require('node:fs');
const path = require('node:path');

const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony'];
const PROCESSORS = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64'];

const file = path.join(__dirname, '..', 'package-lock.json');
const lock = JSON.parse(fs.readFileSync(file, 'utf8'));
const added = [];
for (const [place, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies || {})) {
    if (isLocked(place, name)) continue;
    if (!/^\d+\.\d+\.\d+[\w.+-]*$/.test(version)) continue;
    const target = `node_modules/${name}`;
    lock.packages[target] = { version, ...systemOf(name), optional: true };
    if (entry.dev) lock.packages[target].dev = true;
    added.push(name);
  }
}
if (process.argv[2] === '--check') {
  if (added.length > 0) {
    process.stderr.write(
      `package-lock.json lacks ${added.join(', ')}. Run: node bootstrap/complete_lock.cjs\n`,
    );
  }
  process.exit(added.length > 0 ? 1 : 0);
}
const [first, ...rest] = Object.entries(lock.packages);
rest.sort(([one], [other]) => one.localeCompare(other, 'en'));
lock.packages = Object.fromEntries([first, ...rest]);
fs.writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${added.length} packages of other systems added to package-lock.json.\n`);

function isLocked(place, name) {
  for (let folder = place; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (lock.packages[`${folder ? `${folder}/` : ''}node_modules/${name}`]) return true;
    if (!folder) return false;
  }
}

function systemOf(name) {
  const words = name.split(/[^a-z0-9]+/i);
  const system = SYSTEMS.find((word) => words.includes(word)) || (/win(dows|32)/.test(name) ? 'win32' : '');
  const processor = PROCESSORS.find((word) => words.includes(word)) || (words.includes('wasm32') ? 'wasm32' : '');
  const musl = words.some((word) => word.startsWith('musl'));
  const gnu = words.some((word) => word.startsWith('gnu'));
  return {
    ...(system ? { os: [system] } : { os: ['none'] }),
    ...(processor ? { cpu: [processor] } : {}),
    ...(system === 'linux' && (musl || gnu) ? { libc: [musl ? 'musl' : 'glibc'] } : {}),
  };
}
