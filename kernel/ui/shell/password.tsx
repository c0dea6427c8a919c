import { PasswordInput } from '@mantine/core';
import { IconCheck, IconPoint } from '@tabler/icons-react';
import { t } from '../base/i18n.ts';

type Rule = { text: string; kept: boolean };

/** The rules that can be looked at here; the server also refuses the most common passwords. */
function passwordRules(password: string, username = ''): Rule[] {
  const name = username.trim().toLowerCase();
  return [
    { text: t('At least 8 characters'), kept: password.length >= 8 },
    {
      text: t('A small and a capital letter'),
      kept: /\p{Ll}/u.test(password) && /\p{Lu}/u.test(password),
    },
    { text: t('A digit'), kept: /\d/.test(password) },
    { text: t('A special character'), kept: /[^\p{L}\d]/u.test(password) },
    { text: t('Not the username'), kept: password !== '' && password.toLowerCase() !== name },
  ];
}

export const isGoodPassword = (password: string, username?: string) =>
  passwordRules(password, username).every(({ kept }) => kept);

type Props = {
  label: string;
  value: string;
  username?: string;
  onChange: (value: string) => void;
  error?: string;
  autoFocus?: boolean;
};

/** A new password, with its rules ticked off while one types. */
export function NewPassword({ label, value, username, onChange, error, autoFocus }: Props) {
  return (
    <div>
      <PasswordInput
        label={label}
        size="md"
        autoComplete="new-password"
        autoFocus={autoFocus}
        value={value}
        error={error}
        aria-describedby="password-rules"
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <ul className="k-rules" id="password-rules">
        {passwordRules(value, username).map(({ text, kept }) => (
          <li key={text} data-kept={kept || undefined}>
            {kept ? (
              <IconCheck size={14} aria-label={t('kept')} />
            ) : (
              <IconPoint size={14} aria-hidden />
            )}
            {text}
          </li>
        ))}
      </ul>
    </div>
  );
}
