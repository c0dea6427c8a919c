import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { aShopToSellIn, type Running, setUp, signedIn, startAll } from './browser.ts';

let kontor: Running;
let product: string;
before(async () => {
  kontor = await startAll('files');
  ({ product } = await aShopToSellIn(kontor, await setUp(kontor)));
});
after(() => kontor?.close());

test('a picture goes on a product, shows small, is removed and brought back', async () => {
  const { page, context } = await signedIn(kontor);
  await page.goto(`${kontor.url}/catalog/product/${product}`);
  const files = page.getByRole('region', { name: 'Files' });
  await files.getByText('None yet.').waitFor();
  const buffer = await sharp({ create: { width: 90, height: 90, channels: 3, background: 'teal' } })
    .png()
    .toBuffer();
  await files.getByLabel('Choose files').setInputFiles([
    { name: 'helmet.png', mimeType: 'image/png', buffer },
    { name: 'tool.exe', mimeType: 'application/x-msdownload', buffer: Buffer.from('MZ') },
  ]);
  await files.getByRole('link', { name: 'helmet.png' }).waitFor();
  await files.getByRole('alert').getByText('tool.exe can’t be kept').waitFor();
  const small = files.locator('img');
  await small.waitFor();
  await page.waitForFunction(() => {
    const drawn = document.querySelector<HTMLImageElement>('.k-attached img');
    return drawn?.complete && drawn.naturalWidth === 90;
  });
  await files.getByRole('button', { name: 'Remove helmet.png' }).click();
  await files.getByText('None yet.').waitFor();
  await files.getByRole('button', { name: 'Undo' }).click();
  await files.getByRole('link', { name: 'helmet.png' }).waitFor();
  assert.equal(await files.getByRole('alert').count(), 0);
  await context.close();
});
