import { Button, Modal, TextInput } from '@mantine/core';
import { type FormEvent, useRef, useState } from 'react';
import { ApiProblem, api } from '../../../kernel/ui/base/api.ts';
import { t } from '../../../kernel/ui/base/i18n.ts';
import { problemText, Refusal } from '../../../kernel/ui/base/states.tsx';
import type { Row } from '../../../kernel/ui/base/types.ts';
import { useOnTop } from '../../../kernel/ui/shell/on_top.ts';

type Customer = Record<'first_name' | 'last_name' | 'organisation' | 'phone' | 'email', string>;
type Props = { name: string; close: () => void; made: (id: string, row: Row) => void };

/** A new customer with what a counter asks for; what was searched for stands in its field already. */
export function NewCustomer({ name, close, made }: Props) {
  useOnTop();
  const [customer, setCustomer] = useState(() => customerOf(name));
  const [focused] = useState(() => firstEmpty(customer));
  const state = useMaking(customer, made);
  const field = (column: keyof Customer, label: string, more: object = {}) => (
    <TextInput
      label={label}
      name={column}
      autoComplete="off"
      value={customer[column]}
      error={state.errors[column]}
      data-autofocus={column === focused || undefined}
      onChange={(event) => setCustomer({ ...customer, [column]: event.currentTarget.value })}
      {...more}
    />
  );
  return (
    <Modal opened onClose={close} title={t('New customer')} size={440} zIndex={400}>
      <form className="k-stack" onSubmit={state.save} noValidate>
        <Refusal text={state.problem} />
        <div className="till-two">
          {field('first_name', t('First name'))}
          {field('last_name', t('Last name'))}
        </div>
        {field('phone', t('Phone'), { type: 'tel', dir: 'ltr' })}
        {field('email', t('E-mail'), { type: 'email', dir: 'ltr' })}
        {field('organisation', t('Firm'), { description: t('Empty for a person.') })}
        <div className="k-actions">
          <Button variant="default" onClick={close}>
            {t('Cancel')}
          </Button>
          <Button
            type="submit"
            loading={state.busy}
            disabled={!isNamed(customer)}
            data-autofocus={focused === 'none' || undefined}
          >
            {t('Create')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function useMaking(customer: Customer, made: Props['made']) {
  const [problem, setProblem] = useState('');
  const [errors, setErrors] = useState<Partial<Customer>>({});
  const [busy, setBusy] = useState(false);
  // What was made stays made where a later part is refused: only that part is sent again.
  const id = useRef('');
  const reached = useRef(new Set<string>());
  const send = async () => {
    const { phone, email, ...party } = customer;
    if (!id.current) {
      const filled = Object.entries(party).filter(([, text]) => text.trim());
      const answer = await api.call('master.party.create', Object.fromEntries(filled));
      id.current = String(answer.id);
    }
    for (const [kind, value] of Object.entries({ phone, email })) {
      if (!value.trim() || reached.current.has(kind)) continue;
      const point = { party_id: id.current, kind, value: value.trim() };
      await api.call('master.contact_point.create', point).catch((error) => {
        setErrors({ [kind]: problemText(error) });
        throw error;
      });
      reached.current.add(kind);
    }
    const { row } = await api.record('master.party', id.current);
    made(id.current, row);
  };
  const save = async (event: FormEvent) => {
    event.preventDefault();
    // The dialog lies over others, and is theirs to the browser.
    event.stopPropagation();
    setBusy(true);
    setProblem('');
    setErrors({});
    try {
      await send();
    } catch (error) {
      const told = error instanceof ApiProblem ? error.errors : [];
      const beside = Object.fromEntries(told.map(({ field, message }) => [field, message]));
      if (id.current === '') setErrors(beside);
      setProblem(problemText(error));
      setBusy(false);
    }
  };
  return { save, problem, errors, busy };
}

const isNamed = ({ first_name, last_name, organisation }: Customer) =>
  Boolean(`${first_name}${last_name}${organisation}`.trim());

// With a name and a phone it is whole: Enter makes it.
function firstEmpty(customer: Customer): keyof Customer | 'none' {
  if (!isNamed(customer)) return 'first_name';
  return customer.phone ? 'none' : 'phone';
}

/** `Ana Maria Lopez (518) 555-1000`: digits are a phone, an @ is an e-mail, the last word a surname. */
function customerOf(typed: string): Customer {
  const email = /\S+@\S+/.exec(typed)?.[0] ?? '';
  const rest = typed.replace(email, ' ');
  const phone = /\+?\(?\d[\d\s().\-/]{2,}\d/.exec(rest)?.[0]?.trim() ?? '';
  const names = rest.replace(phone, ' ').trim().split(/\s+/).filter(Boolean);
  const last_name = names.length > 1 ? (names.pop() ?? '') : '';
  return { first_name: names.join(' '), last_name, organisation: '', phone, email };
}
