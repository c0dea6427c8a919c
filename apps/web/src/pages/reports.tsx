import { A } from '../../../../kernel/ui/address.tsx';
import { t } from '../../../../kernel/ui/i18n.ts';
import { useCatalogue } from '../../../../kernel/ui/session.tsx';
import { Failed, Note, Waiting } from '../../../../kernel/ui/states.tsx';

export default function Reports() {
  const { data, error, isPending } = useCatalogue();
  if (error) return <Failed error={error} />;
  if (isPending) return <Waiting />;
  // The till's report needs a session: it is reached from the till and from the list of sessions.
  const reports = data.reports.filter(({ name }) => name !== 'till_session');
  if (reports.length === 0) return <Note title={t('There is no report that you may see')} />;
  return (
    <div className="k-page k-narrow">
      <h1>{t('Reports')}</h1>
      <ul className="k-links">
        {reports.map(({ name, title }) => (
          <li key={name}>
            <A href={`/reports/${name}`}>{title}</A>
          </li>
        ))}
      </ul>
    </div>
  );
}
