import { translated } from '../i18n/language.ts';
import { documents, type Printed } from '../print/document.ts';

interface Letter {
  language: string;
  subject: string;
  text: string;
  attachment: { name: string; bytes: Buffer };
}

/** The e-mail that a document goes out with, in its module's words. */
export async function letterOf(
  document: string,
  { pdf, title, language, data }: Printed,
): Promise<Letter> {
  const known = (await documents()).get(document);
  const said = (text: string) =>
    translated(text, language, known?.module).replace(/\{(\w+)\}/g, (all, name) =>
      Object.hasOwn(data, name) ? String(data[name]) : all,
    );
  const { subject, text } = known?.mail ?? { subject: title, text: title };
  return {
    language,
    subject: said(subject),
    text: said(text),
    attachment: { name: `${title}.pdf`, bytes: pdf },
  };
}
