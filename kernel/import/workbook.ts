import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { GivenFile, ReadFile } from './read.ts';
import { fileProblem } from './sentences.ts';
import { unpacked } from './unpacked.ts';
import type { Asked, Told } from './workbook_process.ts';

/** Beside those of every file. */
export const WORKBOOK = {
  unpackedMB: 500,
  textMB: 100,
  sheets: 50,
  memoryMB: 1000,
  seconds: 120,
};

const ZIP = [0x50, 0x4b, 0x03, 0x04];
/** Old Excel files, and those that a password locks. */
const COMPOUND = [0xd0, 0xcf, 0x11, 0xe0];

/** Whether a file is one of Excel’s, by what it begins with, whatever it is called. */
export const isWorkbook = (bytes: Uint8Array): boolean =>
  [ZIP, COMPOUND].some((start) => start.every((byte, at) => bytes[at] === byte));

interface Sheet {
  name: string;
  lines: number[];
  data: string[][];
}

export interface ReadSheets {
  sheets: Sheet[];
  problem?: ReadFile['problems'][number];
}

/** The sheets with rows of a workbook, read in a process of its own; a problem is told, never thrown. */
export async function readWorkbook(
  given: GivenFile,
  bytes: Uint8Array,
  most: { rows: number; columns: number },
  {
    signal,
    limits = WORKBOOK,
  }: { signal?: AbortSignal | undefined; limits?: typeof WORKBOOK } = {},
): Promise<ReadSheets> {
  const refuse = (code: string, params: Record<string, string> = {}) => ({
    sheets: [],
    problem: fileProblem(code, { file: given.name, ...params }),
  });
  if (COMPOUND.every((byte, at) => bytes[at] === byte)) {
    const isLocked = Buffer.from(bytes).includes(Buffer.from('EncryptedPackage', 'utf16le'));
    return refuse(isLocked ? 'workbook_locked' : 'workbook_old');
  }
  const directory = unpacked(bytes);
  if (!directory) return refuse('workbook_broken');
  if (!directory.names.includes('[Content_Types].xml') || !directory.names.some(isSheet)) {
    return refuse('workbook_none');
  }
  if (directory.bytes > limits.unpackedMB * 1024 ** 2) {
    const size = `${Math.ceil(directory.bytes / 1024 ** 2)}`;
    return refuse('workbook_bomb', { size, most: `${limits.unpackedMB}` });
  }
  const asked: Asked = {
    ...(given.path && !given.bytes ? { path: given.path } : { bytes }),
    most: {
      ...most,
      ...{ letters: limits.textMB * 1024 ** 2, sheets: limits.sheets },
      memory: limits.memoryMB * 1024 ** 2,
    },
  };
  // One after the other: each may take its whole memory, and a shop sells meanwhile.
  const reading = last.then(() => inChild(asked, limits.seconds, signal));
  last = reading;
  const { sheets, end } = await reading;
  if (end === undefined) {
    const { memoryMB, seconds } = limits;
    return refuse('workbook_heavy', { memory: `${memoryMB}`, seconds: `${seconds}` });
  }
  if ('failed' in end) return refuse('workbook_broken');
  if ('stopped' in end) {
    return end.stopped === 'sheets'
      ? refuse('sheets_too_many', { count: `${end.count}`, most: `${limits.sheets}` })
      : refuse('workbook_long', { most: `${limits.textMB}` });
  }
  const full = sheets.filter(({ data }) => data.length > 0);
  return full.length > 0 ? { sheets: full } : refuse('file_empty');
}

const isSheet = (name: string): boolean => /^xl\/worksheets\/[^/]+\.xml$/i.test(name);

type End = Extract<Told, { done: true } | { failed: string } | { stopped: string }>;

let last: Promise<unknown> = Promise.resolve();

/** end: how it ended; missing where its process did before it. */
function inChild(
  asked: Asked,
  seconds: number,
  signal?: AbortSignal,
): Promise<{ sheets: Sheet[]; end?: End }> {
  if (signal?.aborted) return Promise.resolve({ sheets: [] });
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const child = fork(join(import.meta.dirname, 'workbook_process.ts'), {
    // What it reads is somebody’s file: it needs none of the server’s settings.
    env: { PATH, ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }) },
    execArgv: ['--max-old-space-size=512'],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const stop = () => child.kill('SIGKILL');
  signal?.addEventListener('abort', stop);
  const timer = setTimeout(stop, seconds * 1000);
  const sheets: Sheet[] = [];
  return new Promise((resolve) => {
    let end: End | undefined;
    // Only once it is gone with all that it held.
    const leave = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      resolve({ sheets, ...(end ? { end } : {}) });
    };
    child.on('message', (said) => {
      const told = said as Told;
      if ('sheet' in told) sheets.push({ name: told.sheet, lines: [], data: [] });
      else if (!('rows' in told)) {
        end ??= told;
        stop();
      } else {
        const { lines, data } = sheets.at(-1)!;
        for (const [line, cells] of told.rows) {
          lines.push(line);
          data.push(cells);
        }
      }
    });
    child.once('error', leave);
    child.once('exit', leave);
    child.send(asked, (error) => error && stop());
  });
}
