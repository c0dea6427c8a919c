import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { Problem } from '../../../kernel/problem.ts';
import { settings } from '../../../kernel/settings.ts';

/** A command that can't be understood: exit code 2 instead of 1. */
export class WrongCall extends Error {}

/** The command has said by itself what is wrong; this ends it with exit code 1. */
export class Told extends Error {}

/** Says an error on stderr as a sentence, never as a stack; answers the exit code. */
export async function finish(error: unknown): Promise<number> {
  if (error instanceof Told) return 1;
  // Commander has said already what it thinks of the call.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof WrongCall) {
    say(error.message);
    return 2;
  }
  const known = await asKnown(error);
  if (known instanceof Problem) {
    say(known.message);
    for (const e of known.errors ?? []) {
      process.stderr.write(`  ${e.field ? `${e.field}: ` : ''}${e.message}\n`);
    }
    return 1;
  }
  say(`Something went wrong on our side${whereLogged(known)}.`);
  return 1;
}

export function say(line: string): void {
  process.stderr.write(`kontor: ${line}\n`);
}

async function asKnown(error: unknown): Promise<unknown> {
  if (error instanceof Problem || !(error instanceof Error)) return error;
  const { asProblem } = await import('../../../kernel/database/refusal.ts');
  await import('../../../kernel/sentences.ts');
  return asProblem(error);
}

// The stack helps whoever looks after Kontor, and nobody at the shell.
function whereLogged(error: unknown): string {
  try {
    const text = error instanceof Error ? error.stack : String(error);
    const folder = join(settings().home, 'run');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, 'cli.log');
    appendFileSync(
      file,
      `${new Date().toISOString()} ${process.argv.slice(2, 5).join(' ')}\n${text}\n`,
    );
    return `; what happened stands in ${file}`;
  } catch {
    return `: ${error instanceof Error ? error.message : String(error)}`;
  }
}
