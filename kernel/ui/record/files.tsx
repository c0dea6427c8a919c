import { Button } from '@mantine/core';
import { IconFile, IconPaperclip } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type DragEvent, useRef, useState } from 'react';
import { api } from '../base/api.ts';
import { decimal } from '../base/format.ts';
import { t } from '../base/i18n.ts';
import { problemText, Refusal } from '../base/states.tsx';
import type { Filter, Row, Table } from '../base/types.ts';

type Sending = { name: string; share: number };

/** The files of a record: dropped or chosen, shown small, given back, removed with a way back. */
export function RecordFiles({ table, id }: { table: Table; id: string }) {
  const client = useQueryClient();
  const chooser = useRef<HTMLInputElement>(null);
  const [sending, setSending] = useState<Sending | null>(null);
  const [problem, setProblem] = useState('');
  const [removed, setRemoved] = useState<Row | null>(null);
  const [over, setOver] = useState(false);
  const filter: Filter[] = [
    ['table_name', '=', table.name],
    ['row_id', '=', id],
    ['is_active', '=', true],
  ];
  const { data } = useQuery({
    queryKey: ['list', 'files.attachment', filter],
    queryFn: ({ signal }) => api.list('files.attachment', { filter, limit: 200 }, signal),
  });
  const reread = () => client.invalidateQueries({ queryKey: ['list', 'files.attachment'] });

  const send = async (files: Iterable<File>) => {
    setProblem('');
    for (const file of files) {
      setSending({ name: file.name, share: 0 });
      try {
        await api.upload(table.name, id, file, (share) => setSending({ name: file.name, share }));
      } catch (error) {
        setProblem(problemText(error));
      }
    }
    setSending(null);
    await reread();
  };
  const act = async (verb: 'detach' | 'restore', row: Row) => {
    setProblem('');
    try {
      await api.call(`files.attachment.${verb}`, { id: row.id });
      setRemoved(verb === 'detach' ? row : null);
      await reread();
    } catch (error) {
      setProblem(problemText(error));
    }
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void send(event.dataTransfer.files);
  };
  if (!data) return null;
  return (
    <section
      className="k-attached"
      aria-labelledby="files"
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <div className="k-attached-head">
        <h2 id="files">{t('Files')}</h2>
        <input
          ref={chooser}
          type="file"
          multiple
          hidden
          aria-label={t('Choose files')}
          onChange={(event) => {
            void send([...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = '';
          }}
        />
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconPaperclip size={14} stroke={1.8} />}
          onClick={() => chooser.current?.click()}
        >
          {t('Add files')}
        </Button>
      </div>
      <Refusal text={problem} />
      {removed ? (
        <p role="status">
          {t('{name} was removed.', { name: String(removed.name) })}{' '}
          <Button variant="default" size="compact-sm" onClick={() => void act('restore', removed)}>
            {t('Undo')}
          </Button>
        </p>
      ) : null}
      {sending ? (
        <p>
          {sending.name}{' '}
          <progress
            className="k-progress"
            aria-label={t('Sending {name}', { name: sending.name })}
            max={1}
            value={sending.share}
          />
        </p>
      ) : null}
      {data.rows.length === 0 && !sending ? (
        <p className="k-dim">{t('None yet. Drop files here, or choose them.')}</p>
      ) : null}
      <ul>
        {data.rows.map((row) => (
          <Attached key={String(row.id)} row={row} remove={() => void act('detach', row)} />
        ))}
      </ul>
    </section>
  );
}

function Attached({ row, remove }: { row: Row; remove: () => void }) {
  const [drawn, setDrawn] = useState(/^image\/(png|jpeg|gif|webp)$/.test(String(row.content_type)));
  const name = String(row.name);
  const href = `/api/v1/file/${row.id}`;
  return (
    <li>
      {drawn ? (
        <img src={`${href}/thumbnail`} alt="" loading="lazy" onError={() => setDrawn(false)} />
      ) : (
        <span className="k-attached-icon">
          <IconFile size={22} stroke={1.4} aria-hidden />
        </span>
      )}
      <a href={href} target="_blank" rel="noreferrer">
        <bdi>{name}</bdi>
      </a>
      <small className="k-dim">{sizeText(Number(row.size))}</small>
      <Button
        variant="default"
        size="compact-sm"
        aria-label={t('Remove {name}', { name })}
        onClick={remove}
      >
        {t('Remove')}
      </Button>
    </li>
  );
}

function sizeText(bytes: number): string {
  if (bytes < 1000) return t('{n} bytes', { n: decimal(bytes) });
  if (bytes < 1_000_000) return t('{n} kB', { n: decimal(Math.round(bytes / 1000)) });
  return t('{n} MB', { n: decimal((bytes / 1_000_000).toFixed(1)) });
}
