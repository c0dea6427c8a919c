import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openBrowser, owner, signedIn } from './browser.ts';
import { scenes, visit } from './scenes.ts';

const help = `Pictures of each page and dialog of a running Kontor, to look at. It takes a till, and writes nothing else.
  node apps/web/stories/pictures.ts DIR [--url http://localhost:7070] [--user owner] [--password …]
                            [--only dashboard,till] [--looks light,dark,counter,phone,arabic]`;

const wide = { width: 1440, height: 900 };
const looks = {
  light: { viewport: wide, colorScheme: 'light', lang: 'en' },
  dark: { viewport: wide, colorScheme: 'dark', lang: 'en' },
  rtl: { viewport: wide, colorScheme: 'light', lang: 'pseudo-rtl' },
  counter: { viewport: { width: 1024, height: 768 }, colorScheme: 'light', lang: 'en' },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: 'light', lang: 'en' },
  arabic: { viewport: { width: 1280, height: 800 }, colorScheme: 'light', lang: 'ar' },
  arabic_dark: { viewport: { width: 1280, height: 800 }, colorScheme: 'dark', lang: 'ar' },
  french: { viewport: { width: 1280, height: 800 }, colorScheme: 'light', lang: 'fr' },
  hindi: { viewport: { width: 1280, height: 800 }, colorScheme: 'light', lang: 'hi' },
  russian: { viewport: { width: 1280, height: 800 }, colorScheme: 'light', lang: 'ru' },
  arabic_phone: { viewport: { width: 390, height: 844 }, colorScheme: 'light', lang: 'ar' },
} as const;
type Look = keyof typeof looks;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    url: { type: 'string', default: 'http://localhost:7070' },
    user: { type: 'string', default: owner.username },
    password: { type: 'string', default: owner.password },
    only: { type: 'string' },
    looks: { type: 'string', default: Object.keys(looks).join(',') },
  },
});
const [folder] = positionals;
if (!folder) {
  console.error(help);
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
const browser = await openBrowser();
try {
  for (const look of values.looks.split(',') as Look[]) await take(look);
} finally {
  await browser.close();
}

async function take(name: Look): Promise<void> {
  const { viewport, colorScheme, lang } = looks[name];
  const who = { username: values.user, password: values.password };
  const { page, context } = await signedIn({ browser, url: values.url }, who, {
    viewport,
    colorScheme,
    at: '/',
  });
  const only = values.only?.split(',');
  for (const scene of scenes) {
    if (only && !only.includes(scene.name)) continue;
    const file = `${scene.name}-${name}.png`;
    await visit(page, values.url, scene, lang).catch((error) => console.error(file, error.message));
    // A picture has no second chance: what loads beside the page is given a moment.
    await page.waitForResponse(() => true, { timeout: 400 }).catch(() => {});
    await page.screenshot({ path: join(folder!, file) });
  }
  await context.close();
}
