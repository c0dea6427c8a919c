import { Problem } from '../../kernel/problem.ts';
import { settings } from '../../kernel/settings.ts';
import { startServer } from './start.ts';

// The server of npm run dev; the screens are served beside it.
try {
  const { url } = await startServer(settings(), { web: false });
  process.send?.({ url });
} catch (error) {
  const { message, stack } = error as Error;
  const known = error instanceof Problem ? error : undefined;
  process.send?.({
    code: known?.code ?? 'failed',
    message: known ? message : stack,
    file: known?.params.file,
  });
}
