import { settings } from '../../kernel/settings.ts';
import { startServer } from './start.ts';

const t = Date.now();
try {
  const s = await startServer(settings());
  console.log(s.url, Date.now() - t, 'ms');
  process.on('SIGTERM', () => s.close().then(() => process.exit(0)));
  process.on('SIGINT', () => s.close().then(() => process.exit(0)));
} catch (e) {
  console.log(e.code, e.message, e.cause);
  process.exit(1);
}
