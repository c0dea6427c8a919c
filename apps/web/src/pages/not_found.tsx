import { IconMapQuestion } from '@tabler/icons-react';
import { A } from '../../../../kernel/ui/base/address.tsx';
import { t } from '../../../../kernel/ui/base/i18n.ts';
import { Note } from '../../../../kernel/ui/base/states.tsx';

export function NotFound() {
  return (
    <main className="k-alone">
      <Note
        page
        icon={<IconMapQuestion size={22} />}
        title={t('There is no such page')}
        text={t('The address may be old or mistyped.')}
      >
        <A href="/">{t('Go to the dashboard')}</A>
      </Note>
    </main>
  );
}
