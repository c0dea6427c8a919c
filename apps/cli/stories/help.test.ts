import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Command } from 'commander';
import { modules } from '../../../kernel/modules.ts';
import { isModule, makeProgram } from '../program.ts';
import { makePlace } from './fixture.ts';

const place = makePlace('help');
after(() => place.close());

function* commandsOf(command: Command): Generator<Command> {
  yield command;
  for (const one of command.commands) yield* commandsOf(one);
}

function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
  });
  command.outputHelp();
  return text;
}

const examplesIn = (help: string): string[] =>
  [...help.matchAll(/^ {2}kontor (.*)$/gm)].map((m) => m[1] ?? '');

/** The words of a line as a shell takes them. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map((m) => m[1] ?? m[2] ?? m[3] ?? '');

test('every module’s operations are commands, and nothing else is taken for a module', async () => {
  for (const { name } of await modules()) assert.ok(isModule(name), name);
  for (const name of ['database', 'http', 'ui', 'extension', '..', 'init']) {
    assert.ok(!isModule(name), name);
  }
});

test('every command has examples, and they work as they stand', async () => {
  const program = await makeProgram([]);
  mkdirSync(join(place.folder, 'data'));
  writeFileSync(join(place.folder, 'data', 'customers.csv'), 'first_name,last_name\nMia,Hill\n');
  const groups = program.commands.map((command) =>
    [...commandsOf(command)].flatMap((c) => examplesIn(helpOf(c))),
  );
  for (const [i, group] of groups.entries()) {
    assert.ok(group.length > 0, `kontor ${program.commands[i]?.name()} has no example`);
  }
  const lines = [...groups.flat(), ...examplesIn(helpOf(program))];
  // Servers come below; what needs a record, npm, systemd or an upgrade has stories of its own.
  const own =
    'start|serve|login|logout|stop|status|service|upgrade|module (add|remove)|file (add|get)|print|import --undo';
  const needServer = new RegExp(`^(${own})\\b`);
  const firstInit = lines.find((line) => /^init .*--password-file/.test(line)) ?? '';
  await expectCode(firstInit, 0);
  await place.hold();
  for (const line of lines.filter((l) => l !== firstInit && !needServer.test(l))) {
    // Questions need a terminal, and a business is set up once.
    await expectCode(line, line === 'init' ? 2 : line.startsWith('init') ? 1 : 0);
  }
  // HTTPS by an own certificate has a story of its own (lan.test.ts).
  for (const start of lines.filter((l) => /^start(?!.*--lan)/.test(l))) {
    await withServer(start, async (url) => {
      for (const line of lines.filter((l) => /^(status|login|logout)\b/.test(l))) {
        await expectCode(line.replace('http://localhost:7070', url), 0);
      }
      await expectCode('stop', 0);
    });
  }
});

async function expectCode(line: string, code: number): Promise<void> {
  const env = { KONTOR_MODULES: join(place.folder, 'modules') };
  const said = await place.kontor(wordsOf(line), { env });
  assert.equal(said.code, code, `kontor ${line}\n${said.out}${said.err}`);
}

async function withServer(line: string, work: (url: string) => Promise<void>): Promise<void> {
  const server = place.spawn(wordsOf(line.replace(/--port \d+/, '--port 0')));
  const ended = new Promise((resolve) => server.once('exit', resolve));
  const url = new Promise<string>((resolve) => {
    server.stdout?.on('data', (said) => resolve(/http:\S+/.exec(String(said))?.[0] ?? ''));
    server.once('exit', () => resolve(''));
  });
  await work(await url);
  assert.equal(await ended, 0);
}

test('the example of each operation names a command and options that are there', async () => {
  for (const m of await modules()) {
    const program = await makeProgram([m.name]);
    for (const op of m.operations) {
      const words = wordsOf(op.example);
      assert.equal(words.shift(), 'kontor', op.name);
      let command = program as Command;
      while (words[0] && !words[0].startsWith('-')) {
        const found = command.commands.find((c) => [c.name(), ...c.aliases()].includes(words[0]!));
        if (!found) break;
        command = found;
        words.shift();
      }
      const known = command.options.map((o) => o.long);
      for (const word of words.filter((w) => w.startsWith('--'))) {
        assert.ok(known.includes(word), `${op.name}: ${word} isn’t an option of its example`);
      }
      assert.equal(command.commands.length, 0, `${op.example} names no command`);
    }
  }
});
