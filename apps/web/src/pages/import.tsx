import { Button, Progress } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type DragEvent, useRef, useState } from 'react';
import { A, useAddress } from '../../../../kernel/ui/base/address.tsx';
import { request } from '../../../../kernel/ui/base/api.ts';
import { t } from '../../../../kernel/ui/base/i18n.ts';
import { may, useSignedIn } from '../../../../kernel/ui/base/session.tsx';
import { Failed, Forbidden, problemText, Refusal } from '../../../../kernel/ui/base/states.tsx';
import type { Correct } from './import_details.tsx';
import { type Import, ImportFiles, ImportProblems } from './import_files.tsx';
import { UndoImport } from './import_undo.tsx';

/** Files in, every guess and every problem shown, then all of it or nothing. */
export default function ImportPage() {
  const me = useSignedIn();
  if (may(me, 'kernel.import')) return <Bring />;
  return <Forbidden text={t('Ask a manager to bring data from files.')} />;
}

function Bring() {
  const [address, change] = useAddress();
  const id = address.get('id') ?? '';
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const client = useQueryClient();
  const { data, error, refetch } = useQuery({
    queryKey: ['import', id],
    enabled: Boolean(id),
    queryFn: () => request<Import>('GET', `/import/${id}`),
    refetchInterval: ({ state }) =>
      ['reading', 'loading'].includes(state.data?.state ?? '') ? 600 : false,
  });
  const act = async (work: () => Promise<unknown>) => {
    setBusy(true);
    setProblem('');
    try {
      await work();
    } catch (failed) {
      setProblem(problemText(failed));
    }
    setBusy(false);
  };
  const upload = (files: File[]) =>
    act(async () => {
      const body = new FormData();
      for (const file of files) body.append('files', file, file.name);
      const signal = AbortSignal.timeout(600_000);
      const answer = await request<{ id: string }>('POST', '/import', { body, signal });
      change({ id: answer.id });
    });
  const load = () =>
    act(async () => {
      await request('POST', `/import/${id}/load`);
      await refetch();
    });
  const correct: Correct = (file, said) =>
    void act(async () => {
      await request('POST', `/import/${id}/check`, { body: { mapping: { [file]: said } } });
      await refetch();
    });
  const cancel = () =>
    act(async () => {
      await request('DELETE', `/import/${id}`);
      client.removeQueries({ queryKey: ['import', id] });
      change({ id: null });
    });
  return (
    <div className="k-page k-import">
      <div className="k-head">
        <h1>{t('Import')}</h1>
        <span className="k-grow" />
        <A href="/kernel/import_batch">{t('Past imports')}</A>
      </div>
      <Refusal text={problem} />
      {id ? null : <Drop take={upload} busy={busy} />}
      {id && error ? <Failed error={error} again={() => void refetch()} /> : null}
      {data ? (
        <>
          <Verdict
            data={data}
            busy={busy}
            load={load}
            cancel={cancel}
            again={() => change({ id: null })}
          />
          <ImportFiles data={data} correct={correct} />
          <ImportProblems data={data} />
        </>
      ) : null}
    </div>
  );
}

function Drop({ take, busy }: { take: (files: File[]) => void; busy: boolean }) {
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const dropped = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const files = [...event.dataTransfer.files];
    if (files.length) take(files);
  };
  return (
    <section
      className="k-drop"
      data-over={over || undefined}
      aria-label={t('Files to import')}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={dropped}
    >
      <IconFileImport size={28} stroke={1.3} />
      <h2>{t('Drop your CSV or Excel files here, all in one go and in any order')}</h2>
      <p className="k-dim">
        {t(
          'Kontor finds out what each file, or each sheet of a workbook, is by its columns and contents. Nothing is written yet.',
        )}
      </p>
      <Button loading={busy} onClick={() => input.current?.click()}>
        {t('Choose files')}
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept=".csv,.tsv,.txt,.xlsx,text/csv"
        aria-label={t('Files to import')}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          if (files.length) take(files);
        }}
      />
    </section>
  );
}

type VerdictProps = {
  data: Import;
  busy: boolean;
  load: () => void;
  cancel: () => void;
  again: () => void;
};

function Verdict({ data, busy, load, cancel, again }: VerdictProps) {
  const problems = data.files.reduce((sum, file) => sum + file.problems.length, 0);
  const sum = (name: 'created' | 'updated' | 'rows') =>
    data.files.reduce((all, file) => all + Number(file[name] ?? 0), 0);
  const running = data.state === 'reading' || data.state === 'loading';
  const share = data.total ? (data.done / data.total) * 100 : 3;
  const counts = { created: sum('created'), updated: sum('updated'), rows: sum('rows'), problems };
  const texts: Record<Import['state'], string> = {
    reading: t('The files are being read and checked.'),
    loading: t('The rows are being loaded, all in one go.'),
    checked: problems
      ? t(
          '{problems, plural, one {One problem} other {# problems}} in {rows, number} rows. Nothing is written: correct below what was taken wrongly, or mend the files and choose them again.',
          counts,
        )
      : t(
          '{rows, number} rows are fine: {created, number} to create, {updated, number} to change. Nothing is written yet.',
          counts,
        ),
    done: t('Loaded: {created, number} created, {updated, number} changed.', counts),
    failed: t('The import failed and nothing was written.'),
    cancelled: t('The import was cancelled and nothing was written.'),
  };
  const tone = { done: 'k-good', failed: 'k-problem', checked: problems ? 'k-warning' : 'k-good' };
  const className = tone[data.state as keyof typeof tone] ?? 'k-hint';
  return (
    <section className="k-verdict" aria-label={t('State of the import')}>
      <p className={className} role="status">
        {texts[data.state]}
      </p>
      {running ? (
        <Progress value={share} aria-label={t('Progress')} transitionDuration={120} />
      ) : null}
      <div className="k-actions">
        {data.state === 'checked' || running ? (
          <Button variant="default" onClick={cancel} loading={busy && running}>
            {t('Cancel the import')}
          </Button>
        ) : (
          <Button variant="default" onClick={again}>
            {t('Import more files')}
          </Button>
        )}
        {data.batch ? <UndoImport batch={data.batch} /> : null}
        {data.state === 'checked' && problems > 0 ? (
          <Button onClick={again}>{t('Choose files again')}</Button>
        ) : null}
        {data.state === 'checked' && problems === 0 ? (
          <Button onClick={load} loading={busy}>
            {t('Load {rows, number} rows', counts)}
          </Button>
        ) : null}
      </div>
    </section>
  );
}
