import { ActionIcon } from '@mantine/core';
import {
  IconArchive,
  IconArchiveOff,
  IconCheck,
  IconChevronRight,
  IconX,
} from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { A } from '../base/address.tsx';
import { api } from '../base/api.ts';
import { t } from '../base/i18n.ts';
import { useSignedIn } from '../base/session.tsx';
import { problemText, Refusal } from '../base/states.tsx';
import type { Column, Row, Table } from '../base/types.ts';
import { Cell, isNumeric, shown } from '../field/cell.tsx';
import { CellField, moveByArrow, typedBy } from '../field/cell_field.tsx';
import { useUnsaved } from '../shell/leave.tsx';
import { useDone } from '../shell/undo.tsx';
import { labelOf } from './fields.tsx';
import { fieldsOf, type RecordForm, type Reread, undoOf, useRecordForm } from './form.ts';
import { leaves } from './group.tsx';

type RowProps = {
  table: Table;
  columns: Column[];
  row?: Row;
  given: Row;
  first?: boolean;
  reread: Reread;
  done?: () => void;
};

/** A row to read, and edited in place as one; without a row, one that is added. */
export function TypedRow(props: RowProps) {
  const { table, columns, row, given, done } = props;
  const written = fieldsOf(table).map(({ name }) => name);
  const fields = columns.filter(({ name }) => written.includes(name));
  const form = useRecordForm(table, row, props.reread, {
    columns: fields,
    ...(row ? {} : { given }),
  });
  useUnsaved(form.changed.length > 0);
  const { at, setAt, box, begin } = useRowFocus(row ? null : (fields[0]?.name ?? null));
  const work = useRowWork({ ...props, form, at, setAt, begin });
  const keys = (event: KeyboardEvent) => {
    const taken = (event.target as HTMLElement).closest('[data-expanded], button, a');
    if (at === null) return moveByArrow(event);
    if (leaves(event)) work.leave();
    else if (event.key === 'Enter' && !event.defaultPrevented && !taken) void work.save();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const open = row && table.may.change && row.is_active !== false;
  return (
    <>
      <tr
        ref={box}
        onKeyDown={keys}
        data-open={at !== null || undefined}
        data-gone={row?.is_active === false || undefined}
      >
        {columns.map((column, place) => (
          <td key={column.name} className={isNumeric(column.type) ? 'k-num' : undefined}>
            {at !== null && fields.includes(column) ? (
              <CellField
                column={column}
                value={form.typedIn(column)}
                label={labelOf(column.name, row, form.typedIn(column))}
                error={form.errors[column.name]}
                autoFocus={column.name === at}
                onChange={(value) => form.set(column, value)}
                onBlur={() => form.look(column)}
              />
            ) : row ? (
              <Shown
                {...{ column, row }}
                reachable={Boolean(props.first) && place === 0}
                edit={open && fields.includes(column) ? work.edit : undefined}
              />
            ) : null}
          </td>
        ))}
        <td className="k-typed-tools">
          {at === null && row ? (
            <Tools {...{ table, row, columns }} reread={props.reread} />
          ) : (
            <SaveRow form={form} save={work.save} leave={row ? work.leave : (done ?? work.leave)} />
          )}
        </td>
      </tr>
      {form.problem || form.conflict ? (
        <tr>
          <td colSpan={columns.length + 1}>
            <Refusal
              text={
                form.problem ||
                t('Somebody else changed this row meanwhile. Save again to put yours over theirs.')
              }
            />
          </td>
        </tr>
      ) : null}
    </>
  );
}

/** Which cell one began with while a row is edited, and the way back to it. */
function useRowFocus(start: string | null) {
  const box = useRef<HTMLTableRowElement>(null);
  const back = useRef('');
  const [at, setAt] = useState(start);
  useEffect(() => {
    if (at !== null || !back.current || document.activeElement !== document.body) return;
    box.current?.querySelector<HTMLElement>(`[data-field="${CSS.escape(back.current)}"]`)?.focus();
  }, [at]);
  const begin = (name: string) => {
    back.current = name;
    setAt(name);
    box.current?.querySelector<HTMLElement>('input')?.focus();
  };
  return { at, setAt, box, begin };
}

type Work = RowProps & {
  form: RecordForm;
  at: string | null;
  setAt: (at: string | null) => void;
  begin: (name: string) => void;
};

function useRowWork({ table, row, form, at, setAt, begin, reread, done }: Work) {
  const tell = useDone();
  const client = useQueryClient();
  const again = async () => {
    await client.invalidateQueries({ queryKey: ['list', table.name] });
    await reread();
  };
  const save = async () => {
    if (form.changed.length === 0 && row) return setAt(null);
    // A row of which nothing is typed or needed would be an empty one.
    if (form.changed.length === 0 && !form.columns.some(({ required }) => required))
      return done?.();
    const saved = await form.save();
    if (!saved) return;
    // One row after the other is typed without a hand on the mouse.
    if (!row) return begin(at ?? '');
    setAt(null);
    const fields = saved.columns.map(({ label }) => label).join(', ');
    tell({
      text: t('Saved: {fields}.', { fields }),
      undo: undoOf(table, row, saved, again),
      undone: t('Put back as it was: {fields}.', { fields }),
    });
  };
  const leave = () => {
    const dirty = form.changed.length > 0;
    const restore = form.drop();
    if (!row) return done?.();
    setAt(null);
    if (!dirty) return;
    const undo = () => {
      restore();
      begin(at ?? '');
    };
    tell({ text: t('Left without saving.'), undo });
  };
  const edit = (column: Column, typed?: string) => {
    begin(column.name);
    if (typed !== undefined) form.set(column, typed);
  };
  return { save, leave, edit };
}

type ShownProps = {
  column: Column;
  row: Row;
  reachable: boolean;
  edit?: (column: Column, typed?: string) => void;
};

/** A cell to read; a click, Enter or what is typed on it begins to edit its row. */
function Shown({ column, row, reachable, edit }: ShownProps) {
  const { company } = useSignedIn();
  const value = <Cell column={column} row={row} decimals={company.decimals} />;
  if (!edit) return value;
  const keys = (event: KeyboardEvent) => {
    const typed = typedBy(column, event);
    if (typed === undefined && event.key !== 'F2') return;
    event.preventDefault();
    edit(column, typed);
  };
  return (
    <button
      type="button"
      className="k-typed-cell"
      data-cell
      data-field={column.name}
      tabIndex={reachable ? 0 : -1}
      onClick={() => edit(column)}
      onKeyDown={keys}
    >
      {value}
      <span className="k-hidden">{t('Edit {label}', { label: column.label })}</span>
    </button>
  );
}

function SaveRow({ form, save, leave }: { form: RecordForm; save: () => void; leave: () => void }) {
  const keep = (event: { preventDefault: () => void }) => event.preventDefault();
  return (
    <>
      <ActionIcon
        size={26}
        variant="filled"
        color="teal"
        aria-label={t('Save')}
        title={t('Save')}
        loading={form.busy}
        onMouseDown={keep}
        // The second half of a double click would save the row that comes next, still empty.
        onClick={({ detail }) => (detail < 2 ? save() : undefined)}
      >
        <IconCheck size={15} stroke={2} />
      </ActionIcon>
      <ActionIcon
        size={26}
        aria-label={t('Cancel')}
        title={t('Cancel')}
        onMouseDown={keep}
        onClick={leave}
      >
        <IconX size={15} stroke={1.8} />
      </ActionIcon>
    </>
  );
}

type ToolsProps = { table: Table; row: Row; columns: Column[]; reread: Reread };

/** The way to the row's own page, and archiving it, which can be undone. */
function Tools({ table, row, columns, reread }: ToolsProps) {
  const { company } = useSignedIn();
  const tell = useDone();
  const client = useQueryClient();
  const texts = columns.map((column) => shown(column, row, company.decimals));
  const name = texts.filter(Boolean).slice(0, 2).join(' ') || table.label;
  const turn = async (verb: 'archive' | 'restore', version: unknown): Promise<unknown> => {
    const answer = await api.call<Row>(`${table.name}.${verb}`, { id: row.id, version });
    await client.invalidateQueries({ queryKey: ['list', table.name] });
    return answer.version;
  };
  const gone = row.is_active === false;
  const archive = async () => {
    try {
      const version = await turn(gone ? 'restore' : 'archive', row.version);
      tell({
        text: gone ? t('{name} is back.', { name }) : t('{name} is archived.', { name }),
        undo: () => turn(gone ? 'archive' : 'restore', version),
      });
    } catch (error) {
      await reread();
      tell({ text: problemText(error) });
    }
  };
  const Icon = gone ? IconArchiveOff : IconArchive;
  const label = gone ? t('Bring back {name}', { name }) : t('Archive {name}', { name });
  return (
    <>
      {table.may.archive && 'is_active' in row ? (
        <ActionIcon
          size={26}
          data-cell
          tabIndex={-1}
          aria-label={label}
          title={label}
          onClick={archive}
        >
          <Icon size={15} stroke={1.6} />
        </ActionIcon>
      ) : null}
      <A
        className="k-typed-open"
        data-cell
        tabIndex={-1}
        href={`/${table.module}/${table.table}/${row.id}`}
        aria-label={t('Open {name}', { name })}
        title={t('Open {name}', { name })}
      >
        <IconChevronRight size={16} stroke={1.6} />
      </A>
    </>
  );
}
