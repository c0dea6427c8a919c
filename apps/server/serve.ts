import { settings } from '../../kernel/settings.ts';
import { MADE_ROOM } from './make_room.ts';
import { startServer } from './start.ts';

// The server in a process of its own, for stories and measures; it ends with who started it.
const { url, close, madeRoom } = await startServer(settings());
process.send?.({ url });
process.once('disconnect', () => void close().then(() => process.exit(0)));
void madeRoom.then(() => process.exit(MADE_ROOM));
