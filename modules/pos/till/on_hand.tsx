import { decimal } from '../../../kernel/ui/base/format.ts';
import { t } from '../../../kernel/ui/base/i18n.ts';

/** How many of a thing are in this store; nothing for what isn't counted. */
export function OnHand({ quantity }: { quantity: string | null }) {
  if (quantity === null || quantity === undefined) return <small />;
  const low = Number(quantity) <= 0;
  return (
    <small className={low ? 'till-low' : undefined}>
      {low ? t('none left') : t('{n} here', { n: decimal(quantity) })}
    </small>
  );
}
