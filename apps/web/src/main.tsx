import './styles.ts';
import { i18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import { DirectionProvider, localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import { ApiProblem } from '../../../kernel/ui/api.ts';
import { activate, chosenLocale, direction } from '../../../kernel/ui/i18n.ts';
import { makeTheme } from '../../../kernel/ui/theme.ts';
import { showExtras } from './records/extras.tsx';
import { router } from './router.tsx';

const locale = chosenLocale();
activate(locale);
showExtras();

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (count, error) =>
        count < 2 && error instanceof ApiProblem && (error.status === 0 || error.status >= 502),
    },
  },
});

createRoot(document.getElementById('root')!).render(
  <I18nProvider i18n={i18n}>
    <DirectionProvider initialDirection={direction(locale)} detectDirection={false}>
      <MantineProvider
        theme={makeTheme()}
        defaultColorScheme="auto"
        colorSchemeManager={localStorageColorSchemeManager({ key: 'kontor-theme' })}
      >
        <QueryClientProvider client={client}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </DirectionProvider>
  </I18nProvider>,
);
