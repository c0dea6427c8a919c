import './till.css';
import { Button, Modal, TextInput } from '@mantine/core';
import { IconCashRegister } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { A } from '../../../kernel/ui/base/address.tsx';
import { api } from '../../../kernel/ui/base/api.ts';
import { plainNumber } from '../../../kernel/ui/base/format.ts';
import { t } from '../../../kernel/ui/base/i18n.ts';
import { may, useSignedIn } from '../../../kernel/ui/base/session.tsx';
import {
  Failed,
  Forbidden,
  Note,
  problemText,
  Refusal,
  Waiting,
} from '../../../kernel/ui/base/states.tsx';
import { uuidv7 } from '../../../kernel/ui/base/uuid.ts';
import { useStore } from '../../../kernel/ui/shell/store_switch.tsx';
import { type ClaimState, useClaim } from './claim.ts';
import { Counter } from './counter.tsx';
import { useOnlyTab } from './tabs.ts';

/** A till: claimed by this browser, opened with its float, then the counter. */
export default function TillPage() {
  const me = useSignedIn();
  if (may(me, 'pos.sell')) return <OneTab />;
  return <Forbidden text={t('Ask an administrator for the right to sell.')} />;
}

function OneTab() {
  const tabs = useOnlyTab();
  if (tabs.asking || tabs.away) {
    return (
      <Note
        page
        icon={<IconCashRegister size={22} />}
        title={
          tabs.away ? t('The till is in another tab now') : t('The till is open in another tab')
        }
        text={t('One tab sells at a time, so that no number is used twice.')}
      >
        <Button onClick={tabs.takeOver} autoFocus>
          {tabs.away ? t('Take it back') : t('Sell in this tab')}
        </Button>
      </Note>
    );
  }
  return <Claimed />;
}

function Claimed() {
  const state = useClaim();
  const { claim, held } = state;
  if (!claim) {
    return (
      <>
        <Choose state={state} />
        <Modal
          opened={Boolean(held)}
          onClose={state.leave}
          title={t('{name} is in use in another browser', { name: held?.name })}
        >
          <div className="k-stack">
            <p>{t('If you take it over, the other browser can sell no more.')}</p>
            <div className="k-actions">
              <Button variant="default" onClick={state.leave}>
                {t('Choose another till')}
              </Button>
              <Button data-autofocus onClick={() => held && void state.take(held, true)}>
                {t('Take over')}
              </Button>
            </div>
          </div>
        </Modal>
      </>
    );
  }
  if (state.busy) return <Waiting rows={4} />;
  if (!claim.till_session_id) return <OpenSession state={state} />;
  return <Counter state={state} claim={claim} />;
}

function Choose({ state }: { state: ClaimState }) {
  const me = useSignedIn();
  const [store] = useStore();
  const { data, error, isPending } = useQuery({
    queryKey: ['list', 'pos.till', 'choose', store],
    queryFn: () =>
      api.list('pos.till', { limit: 100, filter: store ? [['store_id', '=', store]] : undefined }),
  });
  if (error) return <Failed error={error} />;
  if (isPending) return <Waiting rows={4} />;
  const tills = data.rows.filter((row) => row.is_active !== false);
  if (tills.length === 0) {
    return (
      <Note
        page
        title={t('There is no till yet')}
        text={t('A till belongs to a store and has a name.')}
      >
        <A href="/pos/till">{t('Set up a till')}</A>
      </Note>
    );
  }
  return (
    <div className="till-start">
      <h1>{t('Which till is this?')}</h1>
      <p className="k-dim">{t('This browser holds the till until another takes it over.')}</p>
      <Refusal text={state.problem} />
      <div className="till-choices">
        {tills.map((row) => {
          const till = { id: String(row.id), name: String(row.name) };
          const name = me.stores.find(({ id }) => id === row.store_id)?.name;
          return (
            <button
              type="button"
              key={till.id}
              disabled={state.busy}
              onClick={() => void state.take(till)}
            >
              <IconCashRegister size={20} stroke={1.5} />
              <b>{till.name}</b>
              <span>{String(row.store_id_label ?? name ?? '')}</span>
            </button>
          );
        })}
      </div>
    </div>
  );
}

function OpenSession({ state }: { state: ClaimState }) {
  const { company } = useSignedIn();
  const claim = state.claim!;
  const [float, setFloat] = useState('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const [id] = useState(uuidv7);
  const open = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const opening_float = plainNumber(float) || '0';
    try {
      const input = { id, claim_id: claim.id, opening_float };
      const answer = await api.call('pos.till_session.open', input, {
        key: `${id}-${opening_float}`,
      });
      state.change({ till_session_id: String(answer.id ?? id) });
    } catch (error) {
      setProblem(problemText(error));
      setBusy(false);
    }
  };
  return (
    <form className="till-start" onSubmit={open}>
      <h1>{t('Open {name}', { name: claim.till_name })}</h1>
      <p className="k-dim">{t('Count what lies in the drawer before the first sale.')}</p>
      <TextInput
        label={t('Float')}
        size="lg"
        inputMode="decimal"
        placeholder="0.00"
        autoFocus
        className="k-number-field"
        rightSection={company.currency}
        rightSectionWidth={60}
        value={float}
        onChange={(event) => setFloat(event.currentTarget.value)}
      />
      <Refusal text={problem} />
      <div className="k-actions">
        <Button variant="default" onClick={state.leave}>
          {t('Another till')}
        </Button>
        <Button type="submit" loading={busy}>
          {t('Open the till')}
        </Button>
      </div>
    </form>
  );
}
