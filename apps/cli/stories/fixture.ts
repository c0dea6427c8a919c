import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEmbedded } from '../../../kernel/database/postgres/embedded.ts';
import { temporaryFolder } from '../../../kernel/database/postgres/fixture.ts';
import { madeHome } from '../../../kernel/test/made_home.ts';

export const PASSWORD = 'Gr33n-Valley!';

export interface Said {
  code: number | null;
  out: string;
  err: string;
}

/** A folder with a data home of its own, in which commands run as a person's would. */
export interface Place {
  folder: string;
  home: string;
  kontor(words: string[], more?: { input?: string; env?: Record<string, string> }): Promise<Said>;
  spawn(words: string[], env?: Record<string, string>): ChildProcess;
  /** Sets up Hill Bikes with its owner, in a home as the first start leaves it. */
  setUp(...more: string[]): Promise<void>;
  /** Keeps the database up, so that not every command starts and stops one. */
  hold(): Promise<void>;
  close(): Promise<void>;
}

export function makePlace(name: string): Place {
  const folder = temporaryFolder(name);
  const home = join(folder, 'home');
  writeFileSync(join(folder, 'password.txt'), `${PASSWORD}\n`);
  let release = async () => {};
  const start: Place['spawn'] = (words, env = {}) =>
    spawn(process.execPath, [join(import.meta.dirname, '..', 'kontor.ts'), ...words], {
      cwd: folder,
      env: {
        ...process.env,
        KONTOR_HOME: home,
        XDG_CONFIG_HOME: join(folder, 'config'),
        PORT: '0',
        DATABASE_URL: '',
        ...env,
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  const kontor: Place['kontor'] = (words, { input = '', env } = {}) =>
    finished(start(words, env), input);
  return {
    folder,
    home,
    spawn: start,
    kontor,
    async setUp(...more) {
      await madeHome(home);
      const words = ['--company', 'Hill Bikes', '--admin', 'owner', ...more];
      const { code, err } = await kontor(['init', ...words, '--password-file', 'password.txt']);
      if (code !== 0) throw new Error(err);
    },
    async hold() {
      const embedded = await openEmbedded(home);
      release = () => embedded.close();
    },
    async close() {
      await release();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function finished(child: ChildProcess, input = ''): Promise<Said> {
  let out = '';
  let err = '';
  child.stdout?.on('data', (part) => {
    out += part;
  });
  child.stderr?.on('data', (part) => {
    err += part;
  });
  child.stdin?.on('error', () => {});
  child.stdin?.end(input);
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
}
