// Control characters, and marks that turn the direction of writing: “exe.gpj” that reads as a picture.
const HIDDEN = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const MOST_LETTERS = 200;

/** A file's name as it is kept: without folders, hidden marks, or dots at its ends. */
export function cleanName(given: string): string {
  const last = given.split(/[/\\]/).at(-1) ?? '';
  const clean = last
    .normalize('NFC')
    .replace(HIDDEN, '')
    .replace(/^[\s.]+|[\s.]+$/g, '');
  if (clean.length <= MOST_LETTERS) return clean || 'file';
  const end = /\.[a-z0-9]{1,8}$/i.exec(clean)?.[0] ?? '';
  return (
    clean
      .slice(0, MOST_LETTERS - end.length)
      .toWellFormed()
      .replaceAll('\ufffd', '') + end
  );
}

/** How a browser is told the name, also one with letters of any script (RFC 6266). */
export function dispositionOf(kind: 'inline' | 'attachment', name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const whole = encodeURIComponent(name).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16)}`,
  );
  return `${kind}; filename="${plain}"; filename*=UTF-8''${whole}`;
}
