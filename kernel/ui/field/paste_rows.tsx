import { Button, Modal } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiProblem, api } from '../base/api.ts';
import { t } from '../base/i18n.ts';
import { useCatalogue, useSignedIn } from '../base/session.tsx';
import { problemText, Refusal, Waiting } from '../base/states.tsx';
import type { Column, Row, Table } from '../base/types.ts';
import { uuidv7 } from '../base/uuid.ts';
import { unlessUnder } from '../shell/on_top.ts';
import { Scroll } from '../shell/scroll.tsx';
import { useDone } from '../shell/undo.tsx';
import { isNumeric } from './cell.tsx';
import { type Pasted, read } from './paste_read.ts';

type Props = {
  table: Table;
  /** The columns that cells go to, the first to the first cell of a row. */
  columns: Column[];
  /** What each row has besides. */
  given: Row;
  text: string;
  close: () => void;
};

const shownRows = 8;
const shownProblems = 12;

/** Rows from a spreadsheet as they will be made: what each cell was taken for, and what is wrong. */
export default function PasteRows({ table, columns, given, text, close }: Props) {
  const { data: catalogue } = useCatalogue();
  const { company } = useSignedIn();
  const { data, error } = useQuery({
    queryKey: ['pasted', table.name, text],
    queryFn: () => read(text, columns, catalogue?.tables ?? []),
    gcTime: 0,
  });
  const adding = useAdding(table, given, close);
  const problems = [...(data?.problems ?? []), ...adding.problems];
  const rows = data?.rows ?? [];
  return (
    <Modal opened onClose={unlessUnder(close)} title={t('Rows from a spreadsheet')} size={720}>
      <div className="k-stack">
        {error ? <Refusal text={problemText(error)} /> : null}
        {!data && !error ? <Waiting rows={4} /> : null}
        {data ? (
          <Scroll>
            <table className="k-table">
              <thead>
                <tr>
                  {data.columns.map(({ name, label, type }) => (
                    <th key={name} scope="col" className={isNumeric(type) ? 'k-num' : undefined}>
                      {label}
                      {type === 'money' ? <small>{company.currency}</small> : null}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.slice(0, shownRows).map((row, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: rows that are not made yet.
                  <tr key={at}>
                    {data.columns.map(({ name, type }, place) => (
                      <td key={name} className={isNumeric(type) ? 'k-num' : undefined}>
                        <bdi>{row.shown[place]}</bdi>
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        ) : null}
        {rows.length > shownRows ? (
          <p className="k-dim">{t('And {n} more.', { n: rows.length - shownRows })}</p>
        ) : null}
        {problems.length ? <Problems problems={problems} /> : null}
        <Refusal text={adding.problem} />
        <div className="k-actions">
          <Button variant="default" onClick={close}>
            {t('Cancel')}
          </Button>
          <Button
            data-autofocus
            loading={adding.busy}
            disabled={!data || rows.length === 0 || problems.length > 0}
            onClick={() => data && void adding.add(data)}
          >
            {t('{n, plural, one {Add # row} other {Add # rows}}', { n: rows.length })}
          </Button>
        </div>
      </div>
    </Modal>
  );
}

function Problems({ problems }: { problems: Pasted['problems'] }) {
  const rest = problems.length - shownProblems;
  return (
    <div role="alert">
      <p className="k-bad">
        {t('Nothing is added yet. Correct it in the spreadsheet, copy it again and paste:')}
      </p>
      <ul className="k-pasted-problems">
        {problems.slice(0, shownProblems).map(({ row, why }) => (
          <li key={`${row} ${why}`}>{t('Row {n}: {why}', { n: row + 1, why })}</li>
        ))}
      </ul>
      {rest > 0 ? <p className="k-dim">{t('And {n} more.', { n: rest })}</p> : null}
    </div>
  );
}

function useAdding(table: Table, given: Row, close: () => void) {
  const tell = useDone();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const [problems, setProblems] = useState<Pasted['problems']>([]);
  // Added once, also where the answer is lost and it is tried again.
  const [key] = useState(uuidv7);
  const add = async ({ rows, first }: Pasted) => {
    setBusy(true);
    setProblem('');
    try {
      const input = { rows: rows.map(({ values }) => ({ ...given, ...values })) };
      await api.call(`${table.name}.create_many`, input, { key });
      await client.invalidateQueries({ queryKey: ['list', table.name] });
      tell({
        text: t('{n, plural, one {# row added.} other {# rows added.}}', { n: rows.length }),
      });
      close();
    } catch (error) {
      const said = error instanceof ApiProblem ? error.errors : [];
      setProblems(
        said.flatMap(({ field, message }) => {
          const [, row] = /^rows\.(\d+)/.exec(field) ?? [];
          return row ? [{ row: Number(row) + first, why: message }] : [];
        }),
      );
      if (said.length === 0) setProblem(problemText(error));
    }
    setBusy(false);
  };
  return { add, busy, problem, problems };
}
