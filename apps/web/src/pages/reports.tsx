import { A } from '../../../../kernel/ui/base/address.tsx';
import { t } from '../../../../kernel/ui/base/i18n.ts';
import { useCatalogue } from '../../../../kernel/ui/base/session.tsx';
import { Failed, Note, Waiting } from '../../../../kernel/ui/base/states.tsx';

export default function Reports() {
  const { data, error, isPending } = useCatalogue();
  if (error) return <Failed error={error} />;
  if (isPending) return <Waiting />;
  const reports = data.reports.filter(({ page }) => !page);
  if (reports.length === 0) return <Note page title={t('There is no report that you may see')} />;
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
