import { settings } from '../../kernel/settings.ts';
import { startServer } from '../server/start.ts';

// The server in a process of its own, for the stories in a browser: ended by SIGTERM.
const server = await startServer(settings());
console.log(server.url);
process.once('SIGTERM', () => void server.close().then(() => process.exit(0)));
