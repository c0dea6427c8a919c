import '../sentences.ts';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { modules, root } from '../modules.ts';
import { errorsMarkdown } from './errors_page.ts';
import './conditional.ts';

// npm run docs: makes docs/errors.md, the register of problems; a server shows it at /api/errors.
await modules();
const file = join(root, 'docs', 'errors.md');
writeFileSync(file, errorsMarkdown());
process.stdout.write(`${file}\n`);
