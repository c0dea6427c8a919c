import { IconBuildingStore } from '@tabler/icons-react';
import { A } from '../../../kernel/ui/base/address.tsx';
import { t } from '../../../kernel/ui/base/i18n.ts';
import { may, useSignedIn } from '../../../kernel/ui/base/session.tsx';
import { Note } from '../../../kernel/ui/base/states.tsx';

/** A shop that never sold anything: what to do first, as far as the person may. */
export function FirstSteps() {
  const me = useSignedIn();
  const steps = [
    { label: t('Import your data'), href: '/import', permission: 'catalog.manage' },
    { label: t('Make a product'), href: '/catalog/product/new', permission: 'catalog.manage' },
    { label: t('Ring up a sale'), href: '/till', permission: 'pos.sell' },
    { label: t('Set a sales goal'), href: '/sales/sales_goal/new', permission: 'sales.set_goal' },
    {
      label: t('Invite a person'),
      href: '/identity/user/new',
      permission: 'identity.manage_users',
    },
  ].filter(({ permission }) => may(me, permission));
  return (
    <Note
      icon={<IconBuildingStore size={22} stroke={1.6} />}
      title={t('Nothing is sold yet')}
      text={t('From the first sale on, its figures stand here.')}
    >
      {steps.map(({ label, href }) => (
        <A key={href} className="k-button-link" href={href}>
          {label}
        </A>
      ))}
    </Note>
  );
}
