import { Button, Modal, Select } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { api } from '../base/api.ts';
import { t } from '../base/i18n.ts';
import { useSignedIn } from '../base/session.tsx';
import { problemText, Refusal } from '../base/states.tsx';
import type { Column, Row, Table } from '../base/types.ts';
import { isNumeric, shown } from '../field/cell.tsx';
import { complaintAbout, Field, readOf, type Typed } from '../field/field.tsx';
import { fieldsOf } from '../record/form.ts';

type Looked = {
  count: number;
  rows: { id: string; before: Row; after: Row | null }[];
  refused: { id: string; code: string; message: string }[];
};

type ChangeProps = {
  table: Table;
  wish: Row;
  close: () => void;
  finish: (done: { count: number; request: string }) => Promise<void>;
};

/** One field and its value for many rows: looked at first, then applied. */
export default function ChangeMany({ table, wish, close, finish }: ChangeProps) {
  const fields = fieldsOf(table);
  const [column, setColumn] = useState<Column | undefined>();
  const [value, setValue] = useState<Typed>('');
  const [looked, setLooked] = useState<Looked | null>(null);
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const complaint = column && complaintAbout(column, value);
  const ask = async <T,>(more: Row): Promise<T | null> => {
    if (!column) return null;
    setBusy(true);
    setProblem('');
    try {
      const set = { [column.name]: readOf(column, value) };
      return await api.call<T>(`${table.name}.change_many`, { ...wish, set, ...more });
    } catch (error) {
      setProblem(problemText(error));
      return null;
    } finally {
      setBusy(false);
    }
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!column || complaint) return;
    if (!looked) return setLooked(await ask<Looked>({ preview: true }));
    const done = await ask<{ count: number; request: string }>({ expected: looked.count });
    if (done) await finish(done);
  };
  const choose = (name: string | null) => {
    const found = fields.find((one) => one.name === name);
    setColumn(found);
    setValue(found?.type === 'boolean' ? false : '');
    setLooked(null);
  };
  return (
    <Modal opened onClose={close} title={t('Change many')} size="lg">
      <form className="k-stack" onSubmit={submit}>
        <Select
          label={t('Field')}
          data={fields.map(({ name, label }) => ({ value: name, label }))}
          value={column?.name ?? null}
          onChange={choose}
          searchable
          data-autofocus
        />
        {column ? (
          <Field
            key={column.name}
            column={column}
            value={value}
            onChange={(next) => {
              setValue(next);
              setLooked(null);
            }}
          />
        ) : null}
        {looked && column ? <Preview table={table} column={column} looked={looked} /> : null}
        <Refusal text={problem} />
        <div className="k-actions">
          <Button variant="default" onClick={close}>
            {t('Leave it')}
          </Button>
          <Button
            type="submit"
            loading={busy}
            disabled={!column || Boolean(complaint) || Boolean(looked?.refused.length)}
          >
            {looked
              ? t('Change {n, plural, one {# row} other {# rows}}', { n: looked.count })
              : t('Preview')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

type PreviewProps = { table: Table; column: Column; looked: Looked };

function Preview({ table, column, looked }: PreviewProps) {
  const { company } = useSignedIn();
  const text = (row: Row | null) => (row ? shown(column, row, company.decimals) || '–' : '–');
  const side = isNumeric(column.type) ? 'k-num' : undefined;
  const names = new Map(
    looked.rows.map(({ id, before }) => [id, String(before[table.title] ?? id)]),
  );
  return (
    <div className="k-preview" role="status">
      <p>
        {t('{n, plural, one {# row} other {# rows}} would change.', { n: looked.count })}
        {looked.refused.length
          ? ` ${t('{n} can’t, so that none is changed:', { n: looked.refused.length })}`
          : ''}
      </p>
      {looked.refused.slice(0, 5).map(({ id, message }) => (
        <p key={id} className="k-problem">
          {names.get(id) ?? ''} {message}
        </p>
      ))}
      <table className="k-table">
        <thead>
          <tr>
            <th scope="col">{table.label}</th>
            <th scope="col" className={side}>
              {t('Before')}
            </th>
            <th scope="col" className={side}>
              {t('After')}
            </th>
          </tr>
        </thead>
        <tbody>
          {looked.rows.map(({ id, before, after }) => (
            <tr key={id}>
              <td>{names.get(id)}</td>
              <td className={side}>{text(before)}</td>
              <td className={side}>{text(after)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
