import { startServer } from '../apps/server/start.ts';
import { settings } from '../kernel/settings.ts';

// The real server in a process of its own, as people start it; it ends with who started it.
const { url, close } = await startServer(settings());
process.send?.({ url });
process.once('disconnect', () => void close().then(() => process.exit(0)));
