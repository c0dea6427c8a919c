import { Button, CopyButton, Modal, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { A } from '../ui/base/address.tsx';
import { api } from '../ui/base/api.ts';
import { moment } from '../ui/base/format.ts';
import { t, tag } from '../ui/base/i18n.ts';
import { may, useCatalogue, useSignedIn } from '../ui/base/session.tsx';
import { Failed, Forbidden, Note, Refusal, Waiting } from '../ui/base/states.tsx';
import type { Row, Table } from '../ui/base/types.ts';
import { OnSwitch, RowButton, useAct } from '../ui/record/row_tools.tsx';
import { Scroll } from '../ui/shell/scroll.tsx';
import { RenewSecret, type Secret, WebhookForm } from './webhook_form.tsx';

const MACHINERY = ['kernel', 'audit', 'jobs', 'webhooks'];
const endpoints = { sort: 'id', limit: 200 };
const newest = { sort: '-changed_at', limit: 50 };

/** Who elsewhere is told of changes: making, renewing, trying, and what became of each telling. */
export default function WebhooksPage() {
  const allowed = may(useSignedIn(), 'webhooks.manage');
  const { data: catalogue, error } = useCatalogue();
  const work = useWork();
  if (!allowed) return <Forbidden />;
  if (error) return <Failed error={error} />;
  if (!catalogue) return <Waiting rows={6} />;
  const { open, setOpen, renewing, setRenewing, secret, setSecret, problem, saved } = work;
  const tables = catalogue.tables.filter(
    (table) => table.told && !MACHINERY.includes(table.module),
  );
  return (
    <div className="k-page">
      <div className="k-head">
        <h1>{t('Webhooks')}</h1>
        <Button onClick={() => setOpen({})}>{t('New webhook')}</Button>
      </div>
      <p className="k-dim">
        {t('Another program is told of changes at an address of its own, signed with a secret.')}
      </p>
      <Refusal text={problem} />
      <Endpoints tables={tables} {...work} />
      <Deliveries tables={tables} act={work.act} />
      {open ? (
        <WebhookForm {...open} tables={tables} close={() => setOpen(null)} saved={saved} />
      ) : null}
      {renewing ? (
        <RenewSecret row={renewing} close={() => setRenewing(null)} saved={saved} />
      ) : null}
      {secret ? <SecretOnce {...secret} close={() => setSecret(null)} /> : null}
    </div>
  );
}

function useWork() {
  const [open, setOpen] = useState<{ row?: Row } | null>(null);
  const [renewing, setRenewing] = useState<Row | null>(null);
  const [secret, setSecret] = useState<Secret | null>(null);
  const { act, problem, refresh } = useAct('webhooks.endpoint', 'webhooks.delivery');
  const saved = async (made?: Secret) => {
    if (made) setSecret(made);
    await refresh();
  };
  return { open, setOpen, renewing, setRenewing, secret, setSecret, problem, saved, act };
}

type Work = ReturnType<typeof useWork>;
type EndpointsProps = { tables: Table[] } & Pick<Work, 'act' | 'setOpen' | 'setRenewing'>;

function Endpoints({ tables, ...work }: EndpointsProps) {
  const { data, error } = useQuery({
    queryKey: ['list', 'webhooks.endpoint', endpoints],
    queryFn: ({ signal }) => api.list('webhooks.endpoint', endpoints, signal),
  });
  if (error) return <Failed error={error} page={false} />;
  if (!data) return <Waiting rows={3} />;
  if (data.rows.length === 0) {
    return (
      <Note
        title={t('No webhooks yet')}
        text={t('A webhook tells a web shop of a new price, or a warehouse of an order.')}
      />
    );
  }
  return (
    <section aria-label={t('Webhooks')}>
      <Scroll>
        <table className="k-table">
          <thead>
            <tr>
              <th scope="col">{t('On')}</th>
              <th scope="col">{t('Name')}</th>
              <th scope="col">{t('Told of')}</th>
              <th scope="col">{t('Secret of')}</th>
              <th scope="col">{t('Actions')}</th>
            </tr>
          </thead>
          <tbody>
            {data.rows.map((row) => (
              <Endpoint key={String(row.id)} row={row} tables={tables} {...work} />
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}

type EndpointProps = { row: Row } & EndpointsProps;

function Endpoint({ row, tables, act, setOpen, setRenewing }: EndpointProps) {
  const name = String(row.name);
  const on = row.is_active === true;
  const button = (label: string, run: () => void, disabled = false) => (
    <RowButton label={label} of={name} disabled={disabled} run={run} />
  );
  return (
    <tr>
      <td>
        <OnSwitch
          of={name}
          on={on}
          set={(is_active) => void act('webhooks.endpoint.switch', { id: row.id, is_active })}
        />
      </td>
      <td>
        <A href={`/webhooks/endpoint/${row.id}`}>{name}</A>
        <div className="k-dim k-wrap">
          <bdi dir="ltr">{String(row.url)}</bdi>
        </div>
        {row.failing_since ? (
          <div className="k-problem">
            {t('Failing since {when}', { when: moment(row.failing_since) })}
          </div>
        ) : null}
      </td>
      <td>
        {listed((row.tables as string[]).map((table) => labelOf(tables, table)))}
        <div className="k-dim">{verbsOf(row)}</div>
      </td>
      <td>{moment(row.secret_made_at)}</td>
      <td>
        <div className="k-tools">
          {button(t('Edit'), () => setOpen({ row }))}
          {button(t('Send a test'), () => void act('webhooks.endpoint.test', { id: row.id }), !on)}
          {button(t('Renew secret'), () => setRenewing(row))}
        </div>
      </td>
    </tr>
  );
}

const listed = (names: string[]): string =>
  new Intl.ListFormat(tag(), { style: 'narrow' }).format(names);

const labelOf = (tables: Table[], name: unknown): string =>
  tables.find((table) => table.name === name)?.label ?? String(name);

function verbsOf({ verbs }: Row): string {
  const told = verbs as string[];
  if (told.length > 1) return t('New and changed records');
  return told[0] === 'insert' ? t('New records') : t('Changed records');
}

function Deliveries({ tables, act }: { tables: Table[]; act: Work['act'] }) {
  const { data, error } = useQuery({
    queryKey: ['list', 'webhooks.delivery', newest],
    queryFn: ({ signal }) => api.list('webhooks.delivery', newest, signal),
  });
  if (error) return <Failed error={error} page={false} />;
  if (!data || data.rows.length === 0) return null;
  return (
    <section aria-labelledby="deliveries" className="k-stack">
      <div className="k-head">
        <h2 id="deliveries">{t('Deliveries')}</h2>
        <A href="/webhooks/delivery">{t('All deliveries')}</A>
      </div>
      <Scroll>
        <table className="k-table">
          <thead>
            <tr>
              <th scope="col">{t('When')}</th>
              <th scope="col">{t('Webhook')}</th>
              <th scope="col">{t('Event')}</th>
              <th scope="col">{t('State')}</th>
              <th scope="col">{t('Actions')}</th>
            </tr>
          </thead>
          <tbody>
            {data.rows.map((row) => (
              <Delivery key={String(row.id)} row={row} tables={tables} act={act} />
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}

function Delivery({ row, tables, act }: { row: Row; tables: Table[]; act: Work['act'] }) {
  const event = eventOf(row, tables);
  return (
    <tr>
      <td>{moment(row.changed_at)}</td>
      <td>{String(row.endpoint_id_label ?? '')}</td>
      <td>{event}</td>
      <td>
        {stateOf(row)}
        {row.state !== 'sent' && row.response_start ? (
          <div className="k-dim k-wrap">
            <bdi>{String(row.response_start)}</bdi>
          </div>
        ) : null}
      </td>
      <td>
        {row.state === 'waiting' ? null : (
          <RowButton
            label={t('Send again')}
            of={event}
            run={() => void act('webhooks.delivery.repeat', { id: row.id })}
          />
        )}
      </td>
    </tr>
  );
}

function eventOf({ verb, table_name }: Row, tables: Table[]): string {
  const table = labelOf(tables, table_name);
  if (verb === 'test') return t('Test');
  return verb === 'insert' ? t('{table}: new', { table }) : t('{table}: changed', { table });
}

function stateOf({ state, status, attempt, next_at }: Row): string {
  if (state === 'sent') return t('Sent, answered {status}', { status });
  if (state === 'hidden') return t('Not sent: its owner may not see it');
  const answered = status ? t('Answered {status}', { status }) : t('No answer');
  if (state === 'failed') return t('Failed: {answered}', { answered });
  if (Number(attempt) === 0) return t('Waiting');
  return t('{answered}, again at {when}', { answered, when: moment(next_at) });
}

/** The one time that a secret is shown. */
function SecretOnce({ name, secret, former_until, close }: Secret & { close: () => void }) {
  return (
    <Modal
      opened
      onClose={close}
      title={t('Secret of {name}', { name })}
      closeOnClickOutside={false}
    >
      <div className="k-stack">
        <p>
          {t('It is shown now and never again. Put it where the other program keeps its secrets.')}
        </p>
        <TextInput
          label={t('Secret')}
          value={secret}
          readOnly
          dir="ltr"
          data-autofocus
          onFocus={(event) => event.currentTarget.select()}
        />
        {former_until ? (
          <p className="k-dim">
            {t('The one before is good until {when}.', { when: moment(former_until) })}
          </p>
        ) : null}
        <div className="k-actions">
          <CopyButton value={secret}>
            {({ copied, copy }) => (
              <Button variant="default" onClick={copy}>
                {copied ? t('Copied') : t('Copy')}
              </Button>
            )}
          </CopyButton>
          <Button onClick={close}>{t('I have kept it')}</Button>
        </div>
      </div>
    </Modal>
  );
}
