import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import type { Order, Typeset } from './typesetter.ts';

// A process of its own sets documents: the compiler is synchronous, is 50 MB of program and keeps a
// little of each document.

/** They come with Kontor; a page asks nobody else for one. */
const FONTS = [
  'inter/400Regular/Inter_400Regular.ttf',
  'inter/600SemiBold/Inter_600SemiBold.ttf',
  // Not Noto Sans Arabic: it sets dots as letters of their own, and nobody finds a word in such a file.
  'vazirmatn/400Regular/Vazirmatn_400Regular.ttf',
  'vazirmatn/600SemiBold/Vazirmatn_600SemiBold.ttf',
  'noto-sans-devanagari/400Regular/NotoSansDevanagari_400Regular.ttf',
  'noto-sans-devanagari/600SemiBold/NotoSansDevanagari_600SemiBold.ttf',
];
/** What the compiler remembers is dropped when so many documents did not ask for it. */
const REMEMBERED = 10;

const { resolve } = createRequire(import.meta.url);
// Nothing lies there: a template sees what it is given here, and no file of this machine.
const workspace = join(import.meta.dirname, 'nothing');
const at = (name: string) => join(workspace, name);
const fontBlobs = FONTS.map((path) => readFileSync(resolve(`@expo-google-fonts/${path}`)));
const compiler = NodeCompiler.create({ workspace, fontArgs: [{ fontBlobs }] });
compiler.mapShadow(at('kontor.typ'), readFileSync(join(import.meta.dirname, 'kontor.typ')));

process.on('message', (order) => {
  const made = set(order as Order);
  // Without its server it ends; nobody is left to be told.
  if (process.connected) process.send?.(made);
});

function set({ id, template, data, logo, made_at }: Order): Typeset {
  try {
    compiler.mapShadow(at('document.typ'), Buffer.from(template));
    if (logo) compiler.mapShadow(at('logo'), Buffer.from(logo));
    const inputs = { d: JSON.stringify(data) };
    const compiled = compiler.compile({ mainFilePath: at('document.typ'), inputs });
    const document = compiled.result;
    if (!document) {
      const why = compiled.takeDiagnostics()?.shortDiagnostics;
      return { id, failed: JSON.stringify(why) };
    }
    const pdf = compiler.pdf(document, { creationTimestamp: made_at });
    return { id, pdf, pages: document.numOfPages, memory: process.memoryUsage.rss() };
  } catch (error) {
    return { id, failed: String(error) };
  } finally {
    compiler.evictCache(REMEMBERED);
  }
}
