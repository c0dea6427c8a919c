import { Modal } from '@mantine/core';
import { usePath } from '../../../kernel/ui/base/address.tsx';
import { t } from '../../../kernel/ui/base/i18n.ts';
import { tableOf, useCatalogue } from '../../../kernel/ui/base/session.tsx';
import { keysNow, pressed } from '../../../kernel/ui/shell/keys.ts';

type Props = { close: () => void; tour: () => void };

/** What this page is for, and its keys. */
export default function Help({ close, tour }: Props) {
  const text = useText();
  return (
    <Modal opened onClose={close} title={t('Help with this page')} size={520}>
      <div className="k-stack k-help">
        {text.map((one) => (
          <p key={one}>{one}</p>
        ))}
        <h2>{t('Keys')}</h2>
        <dl>
          {keysNow().map(({ keys, label }) => (
            <div key={`${keys} ${label}`}>
              <dt>
                {pressed(keys).map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </dt>
              <dd>{label}</dd>
            </div>
          ))}
        </dl>
        <p>
          <button type="button" className="k-link" onClick={tour}>
            {t('Show me around')}
          </button>
        </p>
      </div>
    </Modal>
  );
}

function useText(): string[] {
  const [module = '', table = '', id] = usePath().split('/').filter(Boolean);
  const { data } = useCatalogue();
  const own: Record<string, string> = {
    '': t('How the shop does today and this month. Each figure is of the stores that you may see.'),
    till: t(
      'Scan or search what is bought, then take the money. Sales are kept when the network is away.',
    ),
    import: t(
      'Bring your data from spreadsheets. Nothing is kept before you have seen what it would be.',
    ),
    jobs: t('Background work: its progress, what failed, and what runs on a schedule.'),
    reports: t(
      'Figures that were asked for before. Each can be printed and taken along as a file.',
    ),
    settings: t('All settings are here; search them by a word.'),
    webhooks: t('Tell other programs what changes here.'),
    password: t('A new password signs out everywhere else.'),
    'custom-fields': t(
      'Fields of your own, for any list. They are in its form, search, import and export at once.',
    ),
  };
  const listed = tableOf(data, `${module}.${table}`);
  if (!listed) return [own[module] ?? t('Everything that can be opened is found by Ctrl K.')];
  const how = id
    ? t(
        'Click a value, or press E, to change it; Ctrl Enter saves. What it was stays in its history.',
      )
    : t('Filter, sort and group as you like: the address keeps it, and a view keeps it for good.');
  return [...(listed.help ? [listed.help] : []), how];
}
