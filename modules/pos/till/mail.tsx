import { Button, Modal, Select, TextInput } from '@mantine/core';
import { IconFileTypePdf, IconMail } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ApiProblem, api } from '../../../kernel/ui/base/api.ts';
import { language, t } from '../../../kernel/ui/base/i18n.ts';
import { may, useCatalogue, useSignedIn } from '../../../kernel/ui/base/session.tsx';
import { problemText, Refusal } from '../../../kernel/ui/base/states.tsx';
import { SPOKEN } from '../../../kernel/ui/base/writing.ts';
import { useKeys } from '../../../kernel/ui/shell/keys.ts';
import { useOnTop } from '../../../kernel/ui/shell/on_top.ts';
import { PrintButton } from './paper.tsx';
import type { Slip } from './slip.ts';

const DOCUMENT = 'pos.receipt';

type PaperProps = {
  slip: Slip;
  waits?: boolean;
  /** Whether a key opens the PDF; not where what is typed may be a scan. */
  keyed?: boolean;
};

/** What becomes of a receipt: printed here, opened as PDF, or sent to the customer. */
export function PaperButtons({ slip, waits = false, keyed = false }: PaperProps) {
  const me = useSignedIn();
  const [open, setOpen] = useState(false);
  // What the server doesn't have yet it can neither set nor send.
  const why = waits ? t('Once the server has the receipt.') : undefined;
  return (
    <>
      <PrintButton slip={slip} />
      <PdfButton id={slip.id} keyed={keyed} disabled={waits} title={why} />
      {may(me, 'mail.send') ? (
        <Button
          variant="default"
          leftSection={<IconMail size={16} stroke={1.6} />}
          disabled={waits}
          title={why}
          onClick={() => setOpen(true)}
        >
          {t('E-mail')}
        </Button>
      ) : null}
      {open ? <MailDialog slip={slip} close={() => setOpen(false)} /> : null}
    </>
  );
}

type PdfProps = { id: string; keyed: boolean; disabled: boolean; title: string | undefined };

function PdfButton({ id, keyed, ...more }: PdfProps) {
  const open = () =>
    window.open(`/api/v1/document/${DOCUMENT}/${id}?language=${language()}`, '_blank', 'noopener');
  useKeys(keyed ? [{ keys: 'p', label: t('Open as PDF'), run: open }] : []);
  return (
    <Button
      variant="default"
      leftSection={<IconFileTypePdf size={16} stroke={1.6} />}
      onClick={open}
      {...more}
    >
      {t('PDF')}
    </Button>
  );
}

type DialogProps = { slip: Slip; close: () => void };

/** Asks for the address, and says that the e-mail is queued: it is sent by a job. */
function MailDialog({ slip, close }: DialogProps) {
  useOnTop();
  const state = useMail(slip);
  const { queued, to, typed, setTyped, spoken, setSpoken, languages, error, problem, busy } = state;
  return (
    <Modal
      opened
      onClose={close}
      title={t('E-mail: {title}', { title: slip.title })}
      size={400}
      zIndex={400}
    >
      {queued ? (
        <div className="k-stack">
          <p role="status">
            {t('It waits to be sent to {to}. If that fails, the bell says so.', { to: queued })}
          </p>
          <div className="k-actions">
            <Button data-autofocus autoFocus onClick={close}>
              {t('Close')}
            </Button>
          </div>
        </div>
      ) : (
        <form className="k-stack" onSubmit={state.send} noValidate>
          <TextInput
            label={t('To')}
            type="email"
            dir="ltr"
            data-autofocus
            autoComplete="off"
            value={typed ?? to}
            error={error}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Select
            label={t('Language')}
            data={languages}
            value={spoken}
            allowDeselect={false}
            comboboxProps={{ zIndex: 500 }}
            onChange={(chosen) => setSpoken(chosen ?? spoken)}
          />
          <Refusal text={problem} />
          <div className="k-actions">
            <Button variant="default" onClick={close}>
              {t('Cancel')}
            </Button>
            <Button type="submit" loading={busy}>
              {t('Send receipt')}
            </Button>
          </div>
        </form>
      )}
    </Modal>
  );
}

function useMail({ id, party_id }: Slip) {
  const client = useQueryClient();
  const to = useAddress(party_id);
  const [typed, setTyped] = useState<string | null>(null);
  const [spoken, setSpoken] = useState<string>(language);
  const [queued, setQueued] = useState('');
  const [error, setError] = useState('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const known = useCatalogue().data?.documents.find(({ name }) => name === DOCUMENT)?.languages;
  const send = async (event: FormEvent) => {
    event.preventDefault();
    // The dialog stands on the till: what is sent here is not the till's to take, too.
    event.stopPropagation();
    const address = (typed ?? to).trim();
    setError('');
    setProblem('');
    setBusy(true);
    try {
      await api.call('pos.receipt.email', { id, to: address, language: spoken });
      setQueued(address);
      await client.invalidateQueries({ queryKey: ['list', 'mail.message'] });
    } catch (refused) {
      const told = refused instanceof ApiProblem ? refused.errors : [];
      const field = told.find((one) => one.field === 'to');
      if (field) setError(field.message);
      else setProblem(problemText(refused));
    }
    setBusy(false);
  };
  const languages = (known ?? [language()]).map((code) => ({ value: code, label: nameOf(code) }));
  return {
    ...{ to, typed, setTyped, spoken, setSpoken, languages },
    ...{ queued, error, problem, busy, send },
  };
}

/** A language by its own name. */
const nameOf = (code: string): string => SPOKEN[code as keyof typeof SPOKEN] ?? code;

/** The customer's own address, where there is a customer and one is known. */
function useAddress(party: string | null | undefined): string {
  const query = {
    filter: [
      ['party_id', '=', party],
      ['kind', '=', 'email'],
      ['is_active', '=', true],
    ] as [string, string, unknown][],
    limit: 1,
  };
  const { data } = useQuery({
    queryKey: ['list', 'master.contact_point', query],
    queryFn: ({ signal }) => api.list('master.contact_point', query, signal),
    enabled: Boolean(party),
  });
  return String(data?.rows[0]?.value ?? '');
}
