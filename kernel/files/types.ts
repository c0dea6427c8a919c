interface Kind {
  type: string;
  endings: string[];
  /** What its first bytes are, in hexadecimal; text has none. */
  magic?: RegExp;
}

const ZIP = /^504b(0304|0506)/;
const office = 'application/vnd.openxmlformats-officedocument';

// What a browser may run is only ever given as a download.
const KINDS: Kind[] = [
  { type: 'image/png', endings: ['png'], magic: /^89504e470d0a1a0a/ },
  { type: 'image/jpeg', endings: ['jpg', 'jpeg'], magic: /^ffd8ff/ },
  { type: 'image/gif', endings: ['gif'], magic: /^474946383[79]61/ },
  { type: 'image/webp', endings: ['webp'], magic: /^52494646.{8}57454250/ },
  { type: 'application/pdf', endings: ['pdf'], magic: /^255044462d/ },
  { type: `${office}.wordprocessingml.document`, endings: ['docx'], magic: ZIP },
  { type: `${office}.spreadsheetml.sheet`, endings: ['xlsx'], magic: ZIP },
  { type: `${office}.presentationml.presentation`, endings: ['pptx'], magic: ZIP },
  { type: 'application/vnd.oasis.opendocument.text', endings: ['odt'], magic: ZIP },
  { type: 'application/vnd.oasis.opendocument.spreadsheet', endings: ['ods'], magic: ZIP },
  { type: 'application/zip', endings: ['zip'], magic: ZIP },
  { type: 'image/svg+xml', endings: ['svg'] },
  { type: 'text/html', endings: ['html', 'htm'] },
  { type: 'text/csv', endings: ['csv'] },
  { type: 'text/plain', endings: ['txt', 'md', 'log'] },
  { type: 'application/json', endings: ['json'] },
  { type: 'application/xml', endings: ['xml'] },
  { type: 'message/rfc822', endings: ['eml'] },
];

/** What may be kept, for people. */
export const ALLOWED = [...new Set(KINDS.flatMap((k) => k.endings))].join(', ');

/** How many of a file's first bytes are looked at. */
export const HEAD_BYTES = 4096;

/** The type of a file by its first bytes and its ending; undefined where the two don't agree. */
export function typeOf(head: Buffer, name: string): string | undefined {
  const ending = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  const kind = KINDS.find((k) => k.endings.includes(ending));
  if (!kind) return undefined;
  const hex = head.toString('hex');
  const fits = kind.magic ? kind.magic.test(hex) : isText(head, hex);
  return fits ? kind.type : undefined;
}

/** What a browser may show by itself: nothing in these runs. */
export const SHOWN = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'application/pdf',
]);
export const PICTURES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

// A NUL stands in no text; what begins as a program (MZ, ELF) or a known kind of bytes isn't text.
const isText = (head: Buffer, hex: string): boolean =>
  !head.includes(0) && !/^(4d5a|7f454c46)/.test(hex) && !KINDS.some((k) => k.magic?.test(hex));
