import { Button } from '@mantine/core';
import { useState } from 'react';
import { t } from '../../../../kernel/ui/base/i18n.ts';
import { tableOf, useCatalogue } from '../../../../kernel/ui/base/session.tsx';
import { Ask } from '../../../../kernel/ui/record/actions.tsx';

const operation = 'kernel.import_batch.undo';

/** Takes back all that a loaded import made and changed, for who may. */
export function UndoImport({ batch }: { batch: string }) {
  const { data } = useCatalogue();
  const [asked, setAsked] = useState(false);
  const [undone, setUndone] = useState(false);
  const table = tableOf(data, 'kernel.import_batch');
  const offered = data?.operations.find(({ name }) => name === operation);
  if (undone) return <span className="k-hint">{t('This import is undone.')}</span>;
  if (!table || !offered) return null;
  const [{ question } = {}] = offered.actions ?? [];
  return (
    <>
      <Button variant="default" onClick={() => setAsked(true)}>
        {offered.label}
      </Button>
      {asked ? (
        <Ask
          table={table}
          action={{
            ...{ operation, label: offered.label, input: { id: batch } },
            ...(question ? { question } : {}),
          }}
          title={t('all that it made and changed')}
          close={() => setAsked(false)}
          done={() => setUndone(true)}
        />
      ) : null}
    </>
  );
}
