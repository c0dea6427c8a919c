import { settings } from '../../kernel/settings.ts';
import { startServer } from './start.ts';

// The server in a process of its own, for who measures it or kills it; it ends with who started it.
const { url, close } = await startServer(settings());
process.send?.({ url });
process.once('disconnect', () => void close().then(() => process.exit(0)));
