import { Select, TextInput } from '@mantine/core';
import { t } from '../../../../kernel/ui/base/i18n.ts';
import { NewPassword } from '../../../../kernel/ui/shell/password.tsx';

export type Setup = {
  done: boolean;
  profiles: { name: string; title: string }[];
  countries: { code: string; name: string; currency: string }[];
  currencies: { code: string; decimals: number }[];
};

export type Answers = {
  demo: boolean;
  profile: string;
  company: string;
  country: string;
  currency: string;
  store: string;
  username: string;
  password: string;
};

type Step = {
  answers: Answers;
  set: (patch: Partial<Answers>) => void;
  setup: Setup;
  errors: Record<string, string>;
};

export function CompanyStep({ answers, set, errors }: Step) {
  return (
    <TextInput
      label={t('Name of the company')}
      description={t('As it stands on a receipt')}
      size="md"
      autoFocus
      autoComplete="organization"
      value={answers.company}
      error={errors.company}
      onChange={(event) => set({ company: event.currentTarget.value })}
    />
  );
}

export function CountryStep({ answers, set, setup, errors }: Step) {
  const choose = (country: string | null) => {
    const found = setup.countries.find(({ code }) => code === country);
    set({ country: country ?? '', ...(found && { currency: found.currency }) });
  };
  return (
    <>
      <Select
        label={t('Country')}
        description={t('Brings its taxes and accounts where Kontor knows them')}
        size="md"
        searchable
        autoFocus
        openOnFocus={false}
        data={setup.countries.map(({ code, name }) => ({ value: code, label: name }))}
        value={answers.country || null}
        error={errors.country}
        onChange={choose}
      />
      <Select
        label={t('Currency')}
        description={t('Of the books; it stays as it is once something is booked')}
        size="md"
        searchable
        data={setup.currencies.map(({ code }) => code)}
        value={answers.currency || null}
        error={errors.currency}
        onChange={(currency) => set({ currency: currency ?? '' })}
      />
    </>
  );
}

export function StoreStep({ answers, set, errors }: Step) {
  return (
    <TextInput
      label={t('Name of the first store')}
      description={t('Where you sell; more can follow')}
      size="md"
      autoFocus
      value={answers.store}
      error={errors.store}
      onChange={(event) => set({ store: event.currentTarget.value })}
    />
  );
}

export function PersonStep({ answers, set, errors }: Step) {
  return (
    <>
      <TextInput
        label={t('Username of the administrator')}
        description={t('You sign in with it; small and capital letters differ')}
        size="md"
        autoFocus
        autoCapitalize="none"
        autoComplete="username"
        value={answers.username}
        error={errors.username}
        onChange={(event) => set({ username: event.currentTarget.value })}
      />
      <NewPassword
        label={t('Password')}
        value={answers.password}
        username={answers.username}
        error={errors.password}
        onChange={(password) => set({ password })}
      />
    </>
  );
}
