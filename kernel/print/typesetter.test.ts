import '../sentences.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { extractText, getDocumentProxy } from 'unpdf';
import { Typesetter } from './typesetter.ts';

const order = (template: string, data = {}) => ({ template, data, made_at: 0 });
const kit = {
  paper: 'a4',
  direction: 'ltr',
  language: 'en',
  has_logo: false,
  company: 'Hill Bikes',
};
const page = (said: string) =>
  order(`#import "/kontor.typ": *\n#document-page(title: "Page")[#d.said]`, { ...kit, said });
const textOf = async (pdf: Buffer): Promise<string> =>
  (await extractText(await getDocumentProxy(new Uint8Array(pdf)), { mergePages: true })).text;

const runs = (pid: number | undefined): boolean => {
  try {
    return process.kill(Number(pid), 0);
  } catch {
    return false;
  }
};
async function ended(pid: number | undefined): Promise<void> {
  while (runs(pid)) await wait(20);
}

test('one process sets all documents, and another goes on after so many', async () => {
  const setter = new Typesetter({ documents: 3 });
  const made = await Promise.all(['one', 'two', 'three'].map((said) => setter.typeset(page(said))));
  assert.deepEqual(await Promise.all(made.map(({ pdf }) => textOf(pdf))), ['one', 'two', 'three']);
  assert.equal(setter.pid, undefined, 'it left after the third');

  const alone = setter.typeset(page('four'));
  const first = setter.pid;
  assert.equal(await textOf((await alone).pdf), 'four');
  await setter.typeset(page('five'));
  assert.equal(setter.pid, first);
  process.kill(Number(first), 'SIGKILL');
  await ended(first);
});

test('one with nothing to do ends by itself', async () => {
  const setter = new Typesetter({ idleMs: 1 });
  const made = setter.typeset(page('one'));
  const { pid } = setter;
  await made;
  await ended(pid);
  assert.equal(setter.pid, undefined);
});

test('what breaks ends alone: the next document is set by another process', async () => {
  const setter = new Typesetter({ idleMs: 1 });
  await assert.rejects(setter.typeset(order('#unknown')), /unknown variable: unknown/);
  const killed = setter.typeset(page('killed'));
  const next = setter.typeset(page('next'));
  const { pid } = setter;
  process.kill(Number(pid), 'SIGKILL');
  await assert.rejects(killed, /ended with SIGKILL/);
  assert.equal(await textOf((await next).pdf), 'next');

  const impatient = new Typesetter({ idleMs: 1, documentMs: 500 });
  const endless = '#for i in range(1000000000) { let x = calc.pow(i, 2) }';
  await assert.rejects(impatient.typeset(order(endless)), /took too long/);
  const few = new Typesetter({ idleMs: 1, waiting: 1 });
  const [, second] = [few.typeset(page('one')), few.typeset(page('two'))];
  assert.throws(() => few.typeset(page('three')), { code: 'too_many_documents' });
  await second;
});

test('a template reads what it is given, and no file of this machine', async () => {
  const setter = new Typesetter({ idleMs: 1 });
  const outside = ['/etc/hostname', '../../../package.json', '/../document.ts', 'typesetter.ts'];
  for (const path of outside) {
    await assert.rejects(setter.typeset(order(`#read("${path}")`)), /could not be set/, path);
  }
});

test('a letter that no font has is seen to be missing', async () => {
  const setter = new Typesetter({ idleMs: 1 });
  const { pdf: without } = await setter.typeset(page('Bell '));
  const { pdf } = await setter.typeset(page('Bell 鈴'));
  assert.ok(pdf.length > without.length, 'a box stands for it');
});
