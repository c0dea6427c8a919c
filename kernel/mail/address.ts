import { z } from '../operation.ts';
import { phrase } from '../problem.ts';

/** One e-mail address, and nothing around it: a list or a name in it would be sent to more. */
export const Address = z
  .email({
    pattern: /^[^\s@<>,;:"()[\]\\]+@[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+$/u,
    error: phrase('Write an address such as ana@example.com.'),
  })
  .max(254);

/** The language of what is sent. */
export const Language = z.string().regex(/^[a-z]{2,3}$/, phrase('Write a language such as en.'));
