import '../kernel/sentences.ts';
import { browser } from './browser.ts';
import { day } from './day.ts';
import { deployUnderLoad } from './deploy.ts';
import { type Measured, makeGround } from './ground.ts';
import { importProducts } from './import.ts';
import { large } from './large.ts';
import { reading } from './reading.ts';
import { ringUp } from './ring_up.ts';
import { start } from './start.ts';

// npm run bench [-- --json] [-- --only ring_up,import,reading,start,deploy] [-- --large] [-- --day] [-- --browser]
const { argv } = process;
const only = argv.includes('--only') ? argv[argv.indexOf('--only') + 1]?.split(',') : undefined;
const atSize = ['--large', '--day', '--browser'].some((size) => argv.includes(size));
const wanted = (name: string) => (only ? only.includes(name) : !atSize);

const rows: Measured[] = [];
if (argv.includes('--large')) rows.push(...(await large()));
if (argv.includes('--day')) rows.push(...(await day()));
if (argv.includes('--browser')) rows.push(...(await browser()));
if (wanted('start')) rows.push(...(await start()));
if (wanted('deploy')) rows.push(...(await deployUnderLoad()));
if (['ring_up', 'import', 'reading'].some(wanted)) {
  const ground = await makeGround();
  try {
    if (wanted('ring_up')) rows.push(...(await ringUp(ground)));
    if (wanted('import') || wanted('reading')) rows.push(...(await importProducts(ground)));
    if (wanted('reading')) rows.push(...(await reading(ground)));
  } finally {
    await ground.close();
  }
}
if (argv.includes('--json')) console.log(JSON.stringify({ rows: rows.map(rounded) }));
else printTable();
process.exit(rows.every((r) => r.ok) ? 0 : 1);

function rounded(row: Measured): Measured {
  const round = (n: number | null) => (n === null ? null : Number(n.toPrecision(4)));
  return {
    ...row,
    value: round(row.value) as number,
    peer_value: round(row.peer_value),
    ratio: round(row.ratio),
  };
}

function printTable(): void {
  const shown = rows.map(rounded).map((r) => ({
    what: r.name,
    value: `${r.value} ${r.unit}`,
    peer: r.peer_value === null ? '' : `${r.peer_value} (${r.peer})`,
    ratio: r.ratio ?? '',
    must: r.must,
    '': r.ok ? 'ok' : 'FALLS SHORT',
  }));
  console.table(shown);
}
