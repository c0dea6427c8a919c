import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root } from '../../../kernel/modules.ts';
import {
  aShopToSellIn,
  makePeople,
  menuOf,
  owner,
  people,
  type Running,
  setUp,
  signedIn,
  startAll,
} from './browser.ts';

// A module from elsewhere that adds to a product: a table of its own, keyed by the product's id.
const modules = mkdtempSync(join(tmpdir(), 'kontor-sections-'));
const schema = `
create table x_care.care_plan (
  id              uuid primary key references catalog.product,
  interval_months integer not null check (interval_months between 1 and 120),
  note            text,
  version         integer not null default 1,
  recorded_at     timestamptz not null default now()
);
comment on table x_care.care_plan is 'Care | How often it wants to be looked after.';
comment on column x_care.care_plan.id is 'Product';
comment on column x_care.care_plan.interval_months is 'Interval (months) | From one time to the next.';
comment on column x_care.care_plan.note is 'Note';
comment on column x_care.care_plan.version is 'Version';
comment on column x_care.care_plan.recorded_at is 'Recorded at';
`;
const logic = `
select kernel_logic.track('x_care.care_plan');
select kernel_logic.bind('x_care.care_plan', 'x_care.see', 'x_care.manage');
select kernel_logic.readable('x_care.care_plan');
grant insert, update on x_care.care_plan to kontor_app;
`;

// Its page: what is looked after, with a watch that must end when the page is left.
const page = `
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { A, api, t, Waiting } from '#kernel/ui';

export default function LookedAfter() {
  const { data } = useQuery({ queryKey: ['looked after'], queryFn: () => api.list('x_care.care_plan', {}) });
  useEffect(() => {
    document.body.dataset.watching = 'yes';
    return () => { delete document.body.dataset.watching; };
  }, []);
  if (!data) return <Waiting />;
  return (
    <div className="k-page">
      <h1>{t('What is looked after')}</h1>
      <p>{t('{n, plural, one {# product} other {# products}}', { n: data.rows.length })}</p>
      {data.rows.map((row) => (
        <A key={String(row.id)} href={'/catalog/product/' + row.id}>{String(row.id_label)}</A>
      ))}
    </div>
  );
}
`;
const arabic = {
  'Looked after': 'قيد العناية',
  'What is looked after': 'ما يُعتنى به',
  '{n, plural, one {# product} other {# products}}': '{n, plural, other {# منتج}}',
};

let kontor: Running;
let product: string;
before(async () => {
  const folder = join(modules, 'x_care');
  cpSync(join(root, 'examples', 'x_sample'), folder, { recursive: true });
  for (const file of ['item.ts', 'item_to_done.test.ts']) rmSync(join(folder, file));
  const looked = `label: 'Looked after', permission: 'x_care.manage'`;
  const pages = `pages: { looked_after: { ${looked} } },`;
  const said = readFileSync(join(folder, 'module.ts'), 'utf8')
    .replaceAll('x_sample', 'x_care')
    .replace(`'master']`, `'master', 'catalog']`)
    .replace('made: { item:', 'made: { care_plan:')
    .replace(/refusals: .*\n/, '')
    .replace(
      /menu: .*\n/,
      `menu: [{ ${looked}, icon: 'heart', page: 'x_care/looked_after' }],\n  ${pages}\n`,
    );
  writeFileSync(join(folder, 'module.ts'), said);
  writeFileSync(join(folder, 'looked_after.page.tsx'), page);
  writeFileSync(join(folder, 'i18n', 'ar.json'), JSON.stringify(arabic));
  writeFileSync(join(folder, 'schema', '001_item.sql'), schema);
  writeFileSync(join(folder, 'logic.sql'), logic);
  kontor = await startAll('sections', { KONTOR_MODULES: modules });
  const token = await setUp(kontor);
  ({ product } = await aShopToSellIn(kontor, token));
  await makePeople(kontor, token);
});
after(async () => {
  await kontor?.close();
  rmSync(modules, { recursive: true });
});

test('what another module keeps about a record is added and changed in a section of its page', async () => {
  const { page, context } = await signedIn(kontor);
  await page.goto(`${kontor.url}/catalog/product/${product}`);
  const care = page.getByRole('region', { name: 'Care' });
  await care.getByRole('button', { name: 'Add' }).click();
  await care.getByRole('button', { name: 'Create' }).click();
  await care.getByText(/needed/).waitFor();
  await care.getByLabel('Interval (months)').fill('500');
  await care.getByRole('button', { name: 'Create' }).click();
  await care.getByText(/is not allowed/).waitFor();
  await care.getByLabel('Interval (months)').fill('12');
  await care.getByLabel('Interval (months)').press('Control+Enter');
  await care.getByRole('button', { name: 'Create' }).waitFor({ state: 'detached' });
  await care.getByRole('button', { name: 'Edit Note' }).click();
  await care.getByLabel('Note').fill('Oil the hinge');
  await care.getByRole('button', { name: 'Save' }).click();
  await care.getByRole('button', { name: 'Save' }).waitFor({ state: 'detached' });
  await page.reload();
  await care.getByRole('button', { name: 'Oil the hinge Edit Note' }).waitFor();
  await care.getByRole('button', { name: '12 Edit Interval (months)' }).waitFor();
  await context.close();
});

test('a page that a module from elsewhere brings is in the menu, in its language, with its data', async () => {
  const { page, context } = await signedIn(kontor, owner, { at: '/' });
  // Its module opens no area: it has one of its own.
  await page.locator('[data-area=x_care]').click();
  await page.getByRole('navigation').getByRole('link', { name: 'Looked after' }).waitFor();
  await page.getByRole('heading', { name: 'What is looked after' }).waitFor();
  await page.getByText('1 product').waitFor();
  assert.match(page.url(), /\/x_care\/looked_after$/);
  await page.getByRole('link', { name: 'Commuter helmet' }).click();
  await page.getByRole('region', { name: 'Care' }).waitFor();

  // Opened again it asks again; nothing of it goes on once it is left.
  const asked = page.waitForRequest(/x_care\/care_plan/);
  await page.goBack();
  await asked;
  await page.waitForFunction(() => document.body.dataset.watching === 'yes');
  await page.locator('[data-area=home]').click();
  await page.waitForFunction(() => document.body.dataset.watching === undefined);

  await page.goto(`${kontor.url}/x_care/looked_after?lang=ar`);
  await page.getByRole('heading', { name: 'ما يُعتنى به' }).waitFor();
  await context.close();
});

test('who may not open the page of a module is told so, and finds it in no menu', async () => {
  const { page, context } = await signedIn(kontor, people.cashier, { at: '/' });
  assert.ok(!(await menuOf(page)).includes('Looked after'));
  await page.goto(`${kontor.url}/x_care/looked_after`);
  await page.getByText('You may not see this page').waitFor();
  await context.close();
});
