import { ActionIcon, Button, Menu, Modal } from '@mantine/core';
import { IconArchive, IconArchiveOff, IconDots, IconLink, IconPrinter } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../base/api.ts';
import { t } from '../base/i18n.ts';
import { useCatalogue } from '../base/session.tsx';
import { problemText, Refusal } from '../base/states.tsx';
import type { Catalogue, Row, Table } from '../base/types.ts';
import { InTheWay, waysOf } from '../shell/in_the_way.tsx';
import { useDone } from '../shell/undo.tsx';

type Action = {
  operation: string;
  label: string;
  /** Asked before, with what it brings. */
  question?: string;
  input: Row;
  main?: boolean;
};

/** What can be done with this record now, as the operations of its document say. */
function actionsOf(table: Table, row: Row, catalogue: Catalogue | undefined): Action[] {
  const own = catalogue?.operations.filter(({ name }) => name.startsWith(`${table.name}.`)) ?? [];
  return own.flatMap(({ name, actions = [] }) =>
    actions
      .filter(({ when = {} }) => Object.entries(when).every(([column, is]) => row[column] === is))
      .map(({ label, question, main, input }) => {
        return { operation: name, label, question, main, input: { id: row.id, ...input } };
      }),
  );
}

function archiveAction(table: Table, row: Row): Action | null {
  if (!table.may.archive || !('is_active' in row)) return null;
  const input = { id: row.id, version: row.version };
  if (row.is_active === false) {
    return {
      operation: `${table.name}.restore`,
      label: t('Bring back'),
      question: t('It is offered for new documents again.'),
      input,
    };
  }
  return {
    operation: `${table.name}.archive`,
    label: t('Archive'),
    question: t('It stays in past documents and is no longer offered for new ones.'),
    input,
  };
}

type Props = { table: Table; row: Row; title: string };

/** The next thing to do with a record as a button, the rest behind the dots. */
export function Actions({ table, row, title }: Props) {
  const { data } = useCatalogue();
  const [asked, setAsked] = useState<Action | null>(null);
  const tell = useDone();
  const all = actionsOf(table, row, data);
  const first = all.find(({ main }) => main) ?? all[0];
  const archive = archiveAction(table, row);
  const ArchiveIcon = row.is_active === false ? IconArchiveOff : IconArchive;
  const copy = async () => {
    const link = location.origin + location.pathname;
    tell({ text: (await copied(link)) ? t('The link is copied.') : link });
  };
  return (
    <>
      {first ? (
        <Button variant={first.main ? 'filled' : 'default'} onClick={() => setAsked(first)}>
          {first.label}
        </Button>
      ) : null}
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon size={32} aria-label={t('More actions')}>
            <IconDots size={18} stroke={1.6} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {all
            .filter((action) => action !== first)
            .map((action) => (
              <Menu.Item key={action.label} onClick={() => setAsked(action)}>
                {action.label}
              </Menu.Item>
            ))}
          <Menu.Item leftSection={<IconLink size={16} stroke={1.6} />} onClick={copy}>
            {t('Copy the link')}
          </Menu.Item>
          <Menu.Item leftSection={<IconPrinter size={16} stroke={1.6} />} onClick={() => print()}>
            {t('Print')}
          </Menu.Item>
          {archive ? (
            <Menu.Item
              leftSection={<ArchiveIcon size={16} stroke={1.6} />}
              onClick={() => setAsked(archive)}
            >
              {archive.label}
            </Menu.Item>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      {asked ? (
        <Ask table={table} action={asked} title={title} close={() => setAsked(null)} />
      ) : null}
    </>
  );
}

/** Takes a text to the clipboard; a browser gives it only to pages that came by https. */
async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

type AskProps = {
  table: Table;
  action: Action;
  title: string;
  close: () => void;
  done?: () => void;
};

/** Asks before it is done; where something stands in the way, says what. */
export function Ask({ table, action, title, close, done }: AskProps) {
  const client = useQueryClient();
  const [problem, setProblem] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    try {
      await api.call(action.operation, action.input);
      await client.invalidateQueries({ queryKey: ['record', table.name] });
      await client.invalidateQueries({ queryKey: ['list'] });
      done?.();
      close();
    } catch (error) {
      setProblem(error);
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={close} title={`${action.label}: ${title}`}>
      <div className="k-stack">
        {action.question ? <p>{action.question}</p> : null}
        <Refusal text={problem ? problemText(problem) : ''} />
        <InTheWay ways={waysOf(problem)} />
        <div className="k-actions">
          <Button variant="default" onClick={close}>
            {t('Leave it')}
          </Button>
          <Button onClick={run} loading={busy} data-autofocus>
            {action.label}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
