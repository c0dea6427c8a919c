import { useQuery } from '@tanstack/react-query';
import { request } from '../../../../kernel/ui/base/api.ts';
import { t } from '../../../../kernel/ui/base/i18n.ts';
import { Failed, Waiting } from '../../../../kernel/ui/base/states.tsx';
import { Scroll } from '../../../../kernel/ui/shell/scroll.tsx';

type Part = { name: string; version: string; licence: string };
type Said = { version: string; node: string; postgresql: string; parts: Part[] };

/** Versions, and the licences of what Kontor is made of. */
export default function About() {
  const { data, error } = useQuery({
    queryKey: ['about'],
    queryFn: () => request<Said>('GET', '/about'),
  });
  if (error) return <Failed error={error} />;
  if (!data) return <Waiting />;
  return (
    <div className="k-page k-narrow">
      <h1>{t('About Kontor')}</h1>
      <dl className="k-facts">
        {[
          ['Kontor', data.version],
          ['PostgreSQL', data.postgresql],
          ['Node.js', data.node],
        ].map(([name, version]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{version}</dd>
          </div>
        ))}
      </dl>
      <h2>{t('Parts and their licences')}</h2>
      <p className="k-dim">{t('Kontor itself is under the MIT licence.')}</p>
      <Scroll>
        <table className="k-table">
          <thead>
            <tr>
              <th scope="col">{t('Part')}</th>
              <th scope="col">{t('Version')}</th>
              <th scope="col">{t('Licence')}</th>
            </tr>
          </thead>
          <tbody>
            {data.parts.map(({ name, version, licence }) => (
              <tr key={`${name} ${version}`}>
                <td>
                  <bdi dir="ltr">{name}</bdi>
                </td>
                <td>
                  <bdi dir="ltr">{version}</bdi>
                </td>
                <td>{licence}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </div>
  );
}
