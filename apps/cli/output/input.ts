import { readFileSync } from 'node:fs';
import { problem, registerSentences } from '../../../kernel/problem.ts';

registerSentences({
  file_not_readable: { status: 422, sentence: '{path} can’t be read ({why}).' },
  file_not_json: { status: 422, sentence: '{path} isn’t JSON: {why}' },
  file_not_object: { status: 422, sentence: '{path} must hold one JSON object with the fields.' },
  password_empty: { status: 422, sentence: '{path} holds no password on its first line.' },
});

/** The text of a file; `-` is standard input. Error: file_not_readable. */
export function readText(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    throw problem('file_not_readable', { path: named(path), why: reasonOf(error) }, error);
  }
}

/** One JSON object out of a file. Errors: file_not_readable, file_not_json, file_not_object. */
export function readObject(path: string): Record<string, unknown> {
  const text = readText(path);
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw problem('file_not_json', { path: named(path), why: (error as Error).message }, error);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw problem('file_not_object', { path: named(path) });
  }
  return value as Record<string, unknown>;
}

/** The password on a file's first line, which so stays out of the list of processes. */
export function readPassword(path: string): string {
  const line = readText(path).split(/\r?\n/)[0] ?? '';
  if (!line) throw problem('password_empty', { path: named(path) });
  return line;
}

/** What the system says of a failure, in a word or two. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const known: Record<string, string> = {
    ENOENT: 'it isn’t there',
    EACCES: 'not allowed',
    EISDIR: 'it is a folder',
    ENOTDIR: 'its folder isn’t there',
    ENOSPC: 'the disk is full',
    EROFS: 'read-only',
  };
  return known[code ?? ''] ?? code ?? message;
}

const named = (path: string) => (path === '-' ? 'Standard input' : path);
