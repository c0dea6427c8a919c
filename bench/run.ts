import '../kernel/sentences.ts';
import { type Measured, makeGround } from './ground.ts';
import { ringUp } from './ring_up.ts';

// npm run bench [-- --json] [-- --only ring_up,reading,import,start]
const only = process.argv[process.argv.indexOf('--only') + 1]?.split(',');
const parts = { ring_up: ringUp };
const ground = await makeGround();
const rows: Measured[] = [];
try {
  for (const [name, part] of Object.entries(parts)) {
    if (process.argv.includes('--only') && !only?.includes(name)) continue;
    rows.push(...(await part(ground)));
  }
} finally {
  await ground.close();
}
console.log(rows);
