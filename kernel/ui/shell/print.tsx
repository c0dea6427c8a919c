import { useSyncExternalStore } from 'react';
import { moment } from '../base/format.ts';
import { t } from '../base/i18n.ts';
import { useSignedIn } from '../base/session.tsx';
import { useStore } from './store_switch.tsx';

let begun = false;
const media = () => matchMedia('print');

/** Whether the page is being printed, or looked at as it would be. */
export const usePrinting = (): boolean =>
  useSyncExternalStore(listen, () => begun || media().matches);

// The browser lays paper out when these events are over; what they change is drawn before that.
function listen(changed: () => void): () => void {
  const told = ({ type }: Event) => {
    if (type !== 'change') begun = type === 'beforeprint';
    changed();
  };
  const query = media();
  query.addEventListener('change', told);
  addEventListener('beforeprint', told);
  addEventListener('afterprint', told);
  return () => {
    query.removeEventListener('change', told);
    removeEventListener('beforeprint', told);
    removeEventListener('afterprint', told);
  };
}

/** On paper: whose page this is, for which store, who printed it and when. */
export function PrintedHead() {
  const { company, stores, user } = useSignedIn();
  const [store] = useStore();
  if (!usePrinting()) return null;
  const of = stores.find(({ id }) => id === store)?.name ?? t('All stores');
  return (
    <p className="k-printed-head">
      <b>{company.name}</b>
      <span>{of}</span>
      <span>{user.name}</span>
      <span>{moment(new Date().toISOString())}</span>
    </p>
  );
}
