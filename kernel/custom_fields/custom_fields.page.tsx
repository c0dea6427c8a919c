import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../ui/base/api.ts';
import { t } from '../ui/base/i18n.ts';
import { may, useCatalogue, useSignedIn } from '../ui/base/session.tsx';
import { Failed, Forbidden, problemText, Refusal, Waiting } from '../ui/base/states.tsx';
import type { Row, Table } from '../ui/base/types.ts';
import { RowButton } from '../ui/record/row_tools.tsx';
import { Scroll } from '../ui/shell/scroll.tsx';
import { CustomFieldForm, typeLabels } from './custom_field_form.tsx';

const all = { sort: 'name', limit: 200 };

/** The fields that an administrator adds to tables: which there are, adding, changing, archiving. */
export default function CustomFieldsPage() {
  const me = useSignedIn();
  const { data: catalogue } = useCatalogue();
  const allowed = may(me, 'kernel.administer');
  const { data, error } = useQuery({
    queryKey: ['list', 'kernel.custom_field', all],
    queryFn: async ({ signal }) => {
      const rows: Row[] = [];
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const query = { ...all, ...(cursor ? { cursor } : {}) };
        const page = await api.list('kernel.custom_field', query, signal);
        rows.push(...page.rows);
        cursor = page.next;
      }
      return rows.sort((a, b) => Number(a.position) - Number(b.position));
    },
    enabled: allowed,
  });
  const work = useFields();
  if (!allowed) return <Forbidden />;
  if (error) return <Failed error={error} />;
  if (!data || !catalogue) return <Waiting rows={6} />;
  const { open, setOpen, problem, archived } = work;
  return (
    <div className="k-page k-own-fields">
      <h1>{t('Custom fields')}</h1>
      <p className="k-dim">
        {t('A field that you add is in list, form, search, import and export at once.')}
      </p>
      <Refusal text={problem} />
      {catalogue.tables
        .filter(({ takes_fields }) => takes_fields)
        .map((table) => (
          <OfTable
            key={table.name}
            table={table}
            fields={data.filter((row) => row.table_name === table.name)}
            {...work}
          />
        ))}
      {open ? (
        <CustomFieldForm
          key={String(open.row?.id ?? '')}
          {...open}
          tables={catalogue.tables}
          close={() => setOpen(null)}
          saved={work.refresh}
        />
      ) : null}
      {archived ? (
        <div className="k-choice-bar" role="status">
          <span>{t('{label} is archived; its values are kept.', { label: archived.label })}</span>
          <Button size="compact-sm" variant="default" onClick={() => void work.restore(archived)}>
            {t('Undo')}
          </Button>
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            onClick={() => work.setArchived(null)}
          >
            {t('Close')}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

function useFields() {
  const client = useQueryClient();
  const [open, setOpen] = useState<{ table: Table; row?: Row } | null>(null);
  const [archived, setArchived] = useState<Row | null>(null);
  const [problem, setProblem] = useState('');
  const refresh = async () => {
    await client.invalidateQueries({ queryKey: ['list', 'kernel.custom_field'] });
    await client.invalidateQueries({ queryKey: ['catalogue'] });
  };
  const act = async (verb: 'archive' | 'restore', row: Row) => {
    setProblem('');
    try {
      const { id, version } = row;
      const now = await api.call(`kernel.custom_field.${verb}`, { id, version });
      setArchived(verb === 'archive' ? { ...row, version: now.version } : null);
    } catch (error) {
      setProblem(problemText(error));
    }
    await refresh();
  };
  return {
    ...{ open, setOpen, archived, setArchived, problem, refresh },
    archive: (row: Row) => act('archive', row),
    restore: (row: Row) => act('restore', row),
  };
}

type OfTableProps = { table: Table; fields: Row[] } & ReturnType<typeof useFields>;

function OfTable({ table, fields, setOpen, archive, restore }: OfTableProps) {
  const { data } = useCatalogue();
  const allows = (permission: unknown) =>
    data?.permissions?.find(({ name }) => name === permission)?.allows ?? String(permission);
  return (
    <section className="k-stack" aria-label={table.label}>
      <div className="k-head">
        <h2>{table.label}</h2>
        <Button
          variant="default"
          size="compact-sm"
          aria-label={t('Add field to {table}', { table: table.label })}
          onClick={() => setOpen({ table })}
        >
          {t('Add field')}
        </Button>
      </div>
      {fields.length === 0 ? null : (
        <Scroll>
          <table className="k-table">
            <thead>
              <tr>
                <th scope="col">{t('Label')}</th>
                <th scope="col">{t('Name')}</th>
                <th scope="col">{t('Type')}</th>
                <th scope="col">{t('Required')}</th>
                <th scope="col">{t('Searchable')}</th>
                <th scope="col">{t('Who may see it')}</th>
                <th scope="col">
                  <span className="k-hidden">{t('Actions')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {fields.map((row) => (
                <tr key={String(row.id)}>
                  <td>{String(row.label)}</td>
                  <td className="k-dim">{`custom.${row.name}`}</td>
                  <td>{typeLabels()[String(row.type)]}</td>
                  <td>{row.required ? t('Yes') : t('No')}</td>
                  <td>{row.searchable ? t('Yes') : t('No')}</td>
                  <td>{row.permission ? allows(row.permission) : t('All who see the record')}</td>
                  <td>
                    <Actions
                      row={row}
                      {...{ archive, restore }}
                      change={() => setOpen({ table, row })}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </section>
  );
}

type ActionsProps = {
  row: Row;
  change: () => void;
  archive: (row: Row) => Promise<void>;
  restore: (row: Row) => Promise<void>;
};

function Actions({ row, change, archive, restore }: ActionsProps) {
  const button = (label: string, run: () => void) => (
    <RowButton label={label} of={String(row.label)} run={run} />
  );
  if (row.is_active === false) return button(t('Bring back'), () => void restore(row));
  return (
    <div className="k-tools">
      {button(t('Edit'), change)}
      {button(t('Archive'), () => void archive(row))}
    </div>
  );
}
