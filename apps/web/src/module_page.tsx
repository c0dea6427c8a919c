import { pages } from 'virtual:module-pages';
import { type ComponentType, lazy, Suspense } from 'react';
import { useCatalogue } from '../../../kernel/ui/base/session.tsx';
import { Failed, Forbidden, Waiting } from '../../../kernel/ui/base/states.tsx';

/** A page that a module brings, for who may open it. */
function ModulePage({ name, Page }: { name: string; Page: ComponentType }) {
  const { data, error } = useCatalogue();
  if (error) return <Failed error={error} />;
  if (!data) return <Waiting />;
  if (!data.pages.some((page) => page.name === name)) return <Forbidden />;
  return (
    <Suspense fallback={<Waiting />}>
      <Page />
    </Suspense>
  );
}

/** Address → component of every page that a module brings. */
export const modulePages = Object.entries(pages).map(([name, load]) => {
  const Page = lazy(load);
  return [`/${name}`, () => <ModulePage name={name} Page={Page} />] as const;
});

/** Whether a page keeps what it read when it is opened again: its module says so. */
export const isKept = (path: string, said: { name: string; fresh: boolean }[] = []): boolean =>
  path === '/till' || said.some(({ name, fresh }) => path === `/${name}` && !fresh);
