import { Outlet } from '@tanstack/react-router';
import { lazy, useEffect } from 'react';
import { useGo, usePath } from '../../../kernel/ui/base/address.tsx';
import { ApiProblem } from '../../../kernel/ui/base/api.ts';
import { SessionEnded, useMe } from '../../../kernel/ui/base/session.tsx';
import { Failed } from '../../../kernel/ui/base/states.tsx';
import type { Me } from '../../../kernel/ui/base/types.ts';
import { homeOf, placesOf } from '../../../kernel/ui/shell/menu.ts';
import { Shell } from '../../../kernel/ui/shell/shell.tsx';

const Help = lazy(() => import('./help.tsx'));
const Tour = lazy(() => import('./tour.tsx'));

/** Lets only signed-in people to the pages inside; leads the others to where they have to go. */
export function Frame() {
  const { data: me, error, refetch } = useMe();
  const go = useGo();
  const path = usePath();
  const problem = error instanceof ApiProblem ? error : null;
  const away = awayTo(problem, me?.user.must_change_password, path) || homeOfOthers(me, path);
  useEffect(() => {
    if (away) go(away, { replace: true });
  }, [away, go]);
  if (away) return null;
  if (!me) return error ? <Failed error={error} again={() => void refetch()} /> : null;
  return (
    <>
      {me.user.must_change_password ? (
        <Outlet />
      ) : (
        <Shell Help={Help} Tour={Tour}>
          <Outlet />
        </Shell>
      )}
      <SessionEnded />
    </>
  );
}

/** The dashboard is not for everybody: who has none begins where their role does. */
function homeOfOthers(me: Me | undefined, path: string): string {
  if (!me || path !== '/' || placesOf(me).some(({ href }) => href === '/')) return '';
  const home = homeOf(me);
  return home === '/' ? '' : home;
}

function awayTo(problem: ApiProblem | null, mustChange: boolean | undefined, path: string): string {
  if (problem?.code === 'not_set_up') return '/welcome';
  if (problem?.status === 401)
    return `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`;
  return mustChange && path !== '/password' ? '/password' : '';
}
