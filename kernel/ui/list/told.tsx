import { Button } from '@mantine/core';
import { t } from '../base/i18n.ts';
import type { useCells } from './cells.ts';

/** What became of the cell that was changed last, and the way back. */
export function CellNotice({ cells }: { cells: ReturnType<typeof useCells> }) {
  const { told, undo, close } = cells;
  if (!told) return null;
  return (
    <div className="k-choice-bar k-cell-told" role={told.bad ? 'alert' : 'status'}>
      <span className={told.bad ? 'k-bad' : undefined}>{told.text}</span>
      {told.undoes ? (
        <Button size="compact-sm" variant="default" onClick={undo}>
          {t('Undo')}
        </Button>
      ) : null}
      {told.again ? (
        <Button size="compact-sm" variant="default" onClick={told.again}>
          {t('Type it again')}
        </Button>
      ) : null}
      <Button size="compact-sm" variant="subtle" color="gray" onClick={close}>
        {t('Close')}
      </Button>
    </div>
  );
}
