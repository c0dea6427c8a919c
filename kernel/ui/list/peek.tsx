import { ActionIcon, Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { A } from '../base/address.tsx';
import { api } from '../base/api.ts';
import { titleOf } from '../base/catalogue.ts';
import { t } from '../base/i18n.ts';
import { Failed, Waiting } from '../base/states.tsx';
import type { Row, Table } from '../base/types.ts';
import { extraOf } from '../record/extras.ts';
import { Facts, readOnly } from '../record/facts.tsx';

type Props = { table: Table; row: Row; href: string; onOpen: () => void; close: () => void };

/** The record of a row beside the list, to read; it goes along as the keys go on. */
export default function Peek({ table, row, href, onOpen, close }: Props) {
  // Who runs down the list asks for the record where they stop.
  const [id] = useDebouncedValue(String(row.id), 120);
  const { data, error, refetch } = useQuery({
    queryKey: ['record', table.name, id],
    queryFn: () => api.record(table.name, id),
    staleTime: 60_000,
  });
  const Extra = extraOf(table.name);
  const found = id === row.id ? data?.row : undefined;
  const title = titleOf(table, row);
  return (
    <aside className="k-peek" aria-label={t('{title}, beside the list', { title })}>
      <div className="k-peek-head">
        <h2>
          <A href={href}>{title}</A>
        </h2>
        <Button size="compact-sm" variant="default" onClick={onOpen} rightSection={<kbd>↵</kbd>}>
          {t('Open the record')}
        </Button>
        <ActionIcon size={28} aria-label={t('Close')} title={t('Close')} onClick={close}>
          <IconX size={16} stroke={1.7} />
        </ActionIcon>
      </div>
      {error ? <Failed error={error} again={() => void refetch()} page={false} /> : null}
      {found ? (
        <>
          <Facts columns={readOnly(table, false)} row={found} />
          {Extra ? <Extra row={found} /> : null}
        </>
      ) : null}
      {!found && !error ? <Waiting rows={6} /> : null}
    </aside>
  );
}
