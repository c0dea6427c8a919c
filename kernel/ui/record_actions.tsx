import { ActionIcon, Button, Menu, Modal } from '@mantine/core';
import { IconArchive, IconArchiveOff, IconDots } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from './api.ts';
import { t } from './i18n.ts';
import { useCatalogue } from './session.tsx';
import { problemText, Refusal } from './states.tsx';
import type { Row, Table } from './types.ts';

type Action = {
  operation: string;
  label: string;
  /** Asked before, with what it brings; without it the action runs at once. */
  question?: string;
  input: Row;
  main?: boolean;
};

/** What can be done with this record now, by the operations of its document. */
function actionsOf(table: Table, row: Row): Action[] {
  const input = { id: row.id };
  const open = row.state === 'open';
  switch (table.name) {
    case 'kernel.finding':
      return open
        ? [{ operation: 'kernel.finding.settle', label: t('Settle'), input, main: true }]
        : [];
    case 'finance.period':
      return [periodAction(open, input)];
    case 'inventory.stock_count':
      return row.state === 'draft' ? [postCount(input)] : [];
    case 'identity.user':
      return [switchUser(row)];
    case 'webhooks.endpoint':
      return webhookActions(row);
    case 'webhooks.delivery':
      return [
        {
          operation: 'webhooks.delivery.repeat',
          label: t('Send again'),
          question: t('It is sent under its own id, so that the other side can tell.'),
          input,
        },
      ];
    default:
      return [];
  }
}

function periodAction(open: boolean, input: Row): Action {
  if (open) {
    return {
      operation: 'finance.period.close',
      label: t('Close period'),
      question: t('Its books take nothing more; a late sale goes to the first open day.'),
      input,
    };
  }
  return {
    operation: 'finance.period.reopen',
    label: t('Reopen period'),
    question: t('Its books can be written to again. The trail says who reopened it.'),
    input,
  };
}

function postCount(input: Row): Action {
  return {
    operation: 'inventory.stock_count.post',
    label: t('Post count'),
    question: t('What differs from the stock on hand becomes moves. This can’t be undone.'),
    input,
    main: true,
  };
}

function switchUser(row: Row): Action {
  const on = row.is_active !== false;
  return {
    operation: 'identity.user.switch',
    label: on ? t('Switch off') : t('Switch on'),
    question: on
      ? t('The user is signed out everywhere and can’t sign in any more.')
      : t('The user can sign in again.'),
    input: { id: row.id, is_active: !on },
  };
}

function webhookActions(row: Row): Action[] {
  const on = row.is_active === true;
  const question = on
    ? t('Nothing is sent to it any more.')
    : t('It is told of what changes from now on.');
  const test = {
    operation: 'webhooks.endpoint.test',
    label: t('Send a test'),
    question: t('An event that tells of no record is sent now.'),
    input: { id: row.id },
  };
  const turn = {
    operation: 'webhooks.endpoint.switch',
    label: on ? t('Switch off') : t('Switch on'),
    question,
    input: { id: row.id, is_active: !on },
  };
  return on ? [test, turn] : [turn];
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

/** The actions of a record as buttons, archiving behind the dots. */
export function Actions({ table, row, title }: Props) {
  const { data } = useCatalogue();
  const [asked, setAsked] = useState<Action | null>(null);
  const may = (action: Action) => data?.operations.some(({ name }) => name === action.operation);
  const archive = archiveAction(table, row);
  const ArchiveIcon = row.is_active === false ? IconArchiveOff : IconArchive;
  return (
    <>
      {actionsOf(table, row)
        .filter(may)
        .map((action) => (
          <Button
            key={action.operation}
            variant={action.main ? 'filled' : 'default'}
            onClick={() => setAsked(action)}
          >
            {action.label}
          </Button>
        ))}
      {archive ? (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon size={32} aria-label={t('More actions')}>
              <IconDots size={18} stroke={1.6} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              leftSection={<ArchiveIcon size={16} stroke={1.6} />}
              onClick={() => setAsked(archive)}
            >
              {archive.label}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      ) : null}
      {asked ? (
        <Ask table={table} action={asked} title={title} close={() => setAsked(null)} />
      ) : null}
    </>
  );
}

type AskProps = { table: Table; action: Action; title: string; close: () => void };

function Ask({ table, action, title, close }: AskProps) {
  const client = useQueryClient();
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    try {
      await api.call(action.operation, action.input);
      await client.invalidateQueries({ queryKey: ['record', table.name] });
      await client.invalidateQueries({ queryKey: ['list'] });
      close();
    } catch (error) {
      setProblem(problemText(error));
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={close} title={`${action.label}: ${title}`}>
      <div className="k-stack">
        <p>{action.question ?? t('It is then done with, and leaves the list of what is open.')}</p>
        <Refusal text={problem} />
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
