import './styles.ts';
import { i18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import {
  DirectionProvider,
  localStorageColorSchemeManager,
  MantineProvider,
  useDirection,
} from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiProblem, api, hooks } from '../../../kernel/ui/base/api.ts';
import { chosenLocale, direction, useLocale } from '../../../kernel/ui/base/i18n.ts';
import { isReached, whenReached } from '../../../kernel/ui/shell/connection.tsx';
import { makeTheme } from '../../../kernel/ui/shell/theme.ts';
import { client } from './client.ts';
import { speak } from './languages.ts';
import { showExtras } from './records/extras.tsx';
import { router } from './router.tsx';

hooks.speak = speak;

// A page that was opened before an upgrade asks for a part that is no more: the new one is loaded,
// but not again and again where the part is missing for another reason, and not away from the server.
window.addEventListener('vite:preloadError', () => {
  const last = Number(sessionStorage.getItem('kontor-reloaded') ?? 0);
  if (Date.now() - last < 60_000) return;
  const load = () => {
    sessionStorage.setItem('kontor-reloaded', String(Date.now()));
    location.reload();
  };
  api.health().then(load, () => {});
});

// What could not be read while the server was away is read when it is back.
whenReached(() => {
  void client.refetchQueries({ predicate: ({ state }) => state.status === 'error' });
  if (router.state.matches.some(({ status }) => status === 'error')) void router.invalidate();
});
// What failed for want of the server may say so only once the server is back.
router.subscribe('onResolved', () => {
  const lost = router.state.matches.some(
    ({ error }) => error instanceof ApiProblem && error.code === 'network',
  );
  if (lost && isReached()) void router.invalidate();
});
await speak(chosenLocale());
showExtras();

const colors = localStorageColorSchemeManager({ key: 'kontor-theme' });

function App() {
  const locale = useLocale();
  const { setDirection } = useDirection();
  useEffect(() => setDirection(direction(locale)), [locale, setDirection]);
  return (
    <MantineProvider theme={makeTheme()} defaultColorScheme="auto" colorSchemeManager={colors}>
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}

createRoot(document.getElementById('root')!).render(
  <I18nProvider i18n={i18n}>
    <DirectionProvider initialDirection={direction(chosenLocale())} detectDirection={false}>
      <App />
    </DirectionProvider>
  </I18nProvider>,
);
