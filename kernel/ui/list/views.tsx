import { ActionIcon, Button, Menu } from '@mantine/core';
import { useResizeObserver } from '@mantine/hooks';
import { IconChevronDown, IconDots, IconPlus, IconUsers } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import {
  type KeyboardEvent,
  lazy,
  Suspense,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { api } from '../base/api.ts';
import { t } from '../base/i18n.ts';
import { may, useCatalogue, useSignedIn } from '../base/session.tsx';
import { problemText, Refusal } from '../base/states.tsx';
import type { Table, ViewSpec } from '../base/types.ts';
import { isChanged, type ListState, patchOf, specOf } from './state.ts';

const ViewForm = lazy(() => import('./view_form.tsx'));

export type View = {
  id: string;
  version: number;
  name: string;
  spec: ViewSpec;
  owner_id: string;
  shared: boolean;
};

type Props = { table: Table; state: ListState };

/** The saved views of a list as tabs over it: all, one's own and those that are shared. */
export function Views({ table, state }: Props) {
  const me = useSignedIn();
  const { data: catalogue } = useCatalogue();
  const [form, setForm] = useState<{ view?: View } | null>(null);
  const views = useViews(table, state);
  const saves = may(me, 'kernel.save_views');
  if (views.all.length === 0 && !saves) return null;
  const { now } = views;
  const own = now?.owner_id === me.user.id;
  const changed = now
    ? isChanged(catalogue, table, state, now.spec)
    : Boolean(state.q || state.filter.length || state.group.length);
  const open = (view?: View) => state.set(patchOf(view?.id ?? '', view?.spec ?? {}));
  return (
    <div className="k-views">
      <Tabs views={views.all} at={state.view} changed={Boolean(now && changed)} open={open} />
      {changed && (now || saves) ? (
        <span className="k-view-actions">
          {own && now ? (
            <Button size="compact-xs" variant="light" onClick={() => void views.keep(now)}>
              {t('Save')}
            </Button>
          ) : null}
          {saves ? (
            <Button size="compact-xs" variant="subtle" color="gray" onClick={() => setForm({})}>
              {now ? t('Save as new …') : t('Save as a view …')}
            </Button>
          ) : null}
          {now ? (
            <Button
              size="compact-xs"
              variant="subtle"
              color="gray"
              onClick={() => open(now)}
              title={t('Show the view as it was saved')}
            >
              {t('Discard')}
            </Button>
          ) : null}
        </span>
      ) : null}
      {saves && !changed ? (
        <ActionIcon
          size={24}
          aria-label={t('Save as a view …')}
          title={t('Save as a view …')}
          onClick={() => setForm({})}
        >
          <IconPlus size={15} stroke={1.7} />
        </ActionIcon>
      ) : null}
      {now && own ? (
        <ViewMenu view={now} rename={() => setForm({ view: now })} remove={views.remove} />
      ) : null}
      <Refusal text={views.problem} />
      {form ? (
        <Suspense fallback={null}>
          <ViewForm table={table} state={state} view={form.view} close={() => setForm(null)} />
        </Suspense>
      ) : null}
    </div>
  );
}

type MenuProps = { view: View; rename: () => void; remove: (view: View) => Promise<void> };

function ViewMenu({ view, rename, remove }: MenuProps) {
  const label = t('More about the view {name}', { name: view.name });
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon size={24} aria-label={label} title={label}>
          <IconDots size={15} stroke={1.7} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={rename}>{t('Name and who sees it …')}</Menu.Item>
        <Menu.Item onClick={() => void remove(view)}>
          {t('Remove the view {name}', { name: view.name })}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function useViews(table: Table, state: ListState) {
  const client = useQueryClient();
  const [problem, setProblem] = useState('');
  const { data } = useQuery({
    queryKey: ['list', 'kernel.saved_view', table.name],
    queryFn: ({ signal }) => {
      const filter: [string, string, unknown][] = [
        ['table_name', '=', table.name],
        ['is_active', '=', true],
      ];
      return api.list('kernel.saved_view', { filter, sort: 'name', limit: 100 }, signal);
    },
  });
  const all = (data?.rows ?? []) as unknown as View[];
  const now = all.find(({ id }) => id === state.view);
  // An address that names a view and nothing else means what the view keeps.
  const met = useRef('');
  useEffect(() => {
    if (!now || met.current === now.id) return;
    met.current = now.id;
    if (!state.said) state.set(patchOf(now.id, now.spec));
  }, [now, state]);
  const write = async (verb: string, body: object) => {
    setProblem('');
    try {
      await api.call(`kernel.saved_view.${verb}`, body);
      await client.invalidateQueries({ queryKey: ['list', 'kernel.saved_view'] });
    } catch (error) {
      setProblem(problemText(error));
    }
  };
  return {
    ...{ all, now, problem },
    keep: ({ id, version }: View) => write('change', { id, version, spec: specOf(state) }),
    remove: async ({ id, version }: View) => {
      state.set(patchOf('', {}));
      await write('archive', { id, version });
    },
  };
}

type TabsProps = {
  views: View[];
  at: string;
  changed: boolean;
  open: (view?: View) => void;
};

function Tabs({ views, at, changed, open }: TabsProps) {
  const { ref, hidden } = useOverflow(views);
  const known = views.some(({ id }) => id === at) ? at : '';
  const tabs = [undefined, ...views];
  const keys = (event: KeyboardEvent<HTMLElement>) => {
    const seen = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=tab]')].filter(
      (tab) => !tab.hasAttribute('data-beyond'),
    );
    const from = seen.indexOf(document.activeElement as HTMLElement);
    const side = getComputedStyle(event.currentTarget).direction === 'rtl' ? -1 : 1;
    const steps: Record<string, number> = {
      ArrowRight: from + side,
      ArrowLeft: from - side,
      Home: 0,
      End: seen.length - 1,
    };
    const to = steps[event.key];
    if (to === undefined || from < 0) return;
    event.preventDefault();
    seen[(to + seen.length) % seen.length]?.focus();
  };
  const beyond = views.filter(({ id }) => hidden.has(id));
  const inMenu = beyond.find(({ id }) => id === known);
  return (
    <>
      <div
        role="tablist"
        className="k-tabs k-view-tabs"
        aria-label={t('Views')}
        ref={ref}
        onKeyDown={keys}
      >
        {tabs.map((view) => {
          const id = view?.id ?? '';
          const away = hidden.has(id);
          return (
            <button
              type="button"
              role="tab"
              key={id}
              data-id={id}
              data-beyond={away || undefined}
              aria-selected={id === known}
              tabIndex={!away && (id === known || (inMenu && !view)) ? 0 : -1}
              onClick={() => open(view)}
            >
              <span dir="auto">{view?.name ?? t('All')}</span>
              {view?.shared ? (
                <IconUsers size={13} stroke={1.7} role="img" aria-label={t('shared')} />
              ) : null}
              {id === known && changed ? <Dot /> : null}
            </button>
          );
        })}
      </div>
      {beyond.length ? (
        <Menu position="bottom-end" width={240}>
          <Menu.Target>
            <Button
              size="compact-xs"
              variant={inMenu ? 'light' : 'subtle'}
              color={inMenu ? undefined : 'gray'}
              className="k-views-more"
              rightSection={<IconChevronDown size={13} />}
            >
              {inMenu?.name ?? t('{n} more', { n: beyond.length })}
              {inMenu && changed ? <Dot /> : null}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {beyond.map((view) => (
              <Menu.Item key={view.id} onClick={() => open(view)}>
                {view.name}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      ) : null}
    </>
  );
}

function Dot() {
  return <span className="k-view-dot" role="img" aria-label={t('changed')} title={t('changed')} />;
}

/** Tabs that find no room in the first line stand in a menu. */
function useOverflow(views: View[]) {
  const [watched, { width }] = useResizeObserver<HTMLDivElement>();
  const box = useRef<HTMLDivElement>(null);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured anew for each width and name.
  useLayoutEffect(() => {
    if (views.length === 0) return;
    const tabs = [...(box.current?.querySelectorAll<HTMLElement>('[role=tab]') ?? [])];
    const line = tabs[0]?.offsetTop ?? 0;
    const away = tabs.filter((tab) => tab.offsetTop > line).map(({ dataset }) => dataset.id ?? '');
    setHidden((before) =>
      before.size === away.length && away.every((id) => before.has(id)) ? before : new Set(away),
    );
  }, [width, views.map(({ id, name }) => id + name).join()]);
  const ref = (element: HTMLDivElement | null) => {
    box.current = element;
    watched(element);
  };
  const held = useRef(ref);
  return { ref: held.current, hidden };
}
