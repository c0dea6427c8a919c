import { phrase } from '../problem.ts';

const COMMON = new Set(
  `password passw0rd p@ssw0rd p@ssword p@ssw0rd1 password1 password1! password123 password123!
  welcome1 welcome1! welcome123! qwerty123 qwerty123! qwerty1! admin123 admin123! abc12345 abc123!
  iloveyou1 iloveyou1! letmein1 letmein1! changeme1 changeme1! changeme123! summer2024! winter2024!
  summer2025! winter2025! summer2026! winter2026! monday123! dragon123! football1! baseball1!
  superman1! batman123! master123! login123! hello123! hello1234! test1234! test123! 1qaz@wsx
  1qaz2wsx! zaq1@wsx qwer1234! asdf1234! company1! secret123! kontor123! shop1234!`.split(/\s+/),
);

/**
 * Why a password is not taken, as a sentence; undefined where it is good: at least 8 characters
 * with upper, lower, digit and special, not a common one, not the username.
 */
export function passwordProblem(password: string, username: string): string | undefined {
  if (password.length < 8) return phrase('Use at least 8 characters.');
  if (password.length > 200) return phrase('Use at most 200 characters.');
  if (!/\p{Lu}/u.test(password)) return phrase('Add an upper-case letter.');
  if (!/\p{Ll}/u.test(password)) return phrase('Add a lower-case letter.');
  if (!/\d/.test(password)) return phrase('Add a digit.');
  if (!/[^\p{L}\d]/u.test(password))
    return phrase('Add a character that is neither letter nor digit.');
  if (COMMON.has(password.toLowerCase()))
    return phrase('This is one of the most common passwords.');
  const name = username.toLowerCase();
  if (name.length > 2 && password.toLowerCase().includes(name)) {
    return phrase('Leave your username out of it.');
  }
  return undefined;
}
