import type { Locator, Page } from 'playwright-core';

/** What is looked at: a page, or a dialog of one. Nothing in it depends on the page's language. */
export interface Scene {
  name: string;
  /** `*` is the first row of the list before it. */
  path: string;
  /** What is done before one looks. It changes no record. */
  open?: (page: Page) => Promise<void>;
}

/** Every page and every dialog that a person with all rights can open, without writing anything. */
export const scenes: Scene[] = [
  ...pages({
    dashboard: '/',
    products: '/catalog/product',
    product: '/catalog/product/*',
    product_new: '/catalog/product/new',
    customers: '/master/party',
    customer: '/master/party/*',
    employees: '/master/employee',
    receipts: '/pos/receipt',
    receipt: '/pos/receipt/*',
    till_session: '/pos/till_session/*',
    stock: '/inventory/stock_level',
    stock_count_new: '/inventory/stock_count',
    entries: '/finance/journal_entry',
    entry: '/finance/journal_entry/*',
    periods: '/finance/period',
    period: '/finance/period/*',
    findings: '/kernel/finding',
    users: '/identity/user',
    user: '/identity/user/*',
    user_new: '/identity/user/new',
    trail: '/audit/request',
    webhooks: '/webhooks',
    endpoints: '/webhooks/endpoint',
    webhook: '/webhooks/endpoint/*',
    deliveries: '/webhooks/delivery',
    import: '/import',
    imports: '/kernel/import_batch',
    jobs: '/jobs',
    custom_fields: '/custom-fields',
    settings: '/settings',
    settings_appearance: '/settings/appearance',
    settings_mail: '/settings/mail',
    settings_roles: '/settings/roles',
    settings_log: '/settings/log',
    settings_about: '/settings/about',
    not_found: '/nowhere/at-all/whatever/it/is',
    goals: '/sales/sales_goal',
    sent: '/mail/message',
    reports: '/reports',
    trial_balance: '/reports/trial_balance',
    sales_by_month: '/reports/sales_by_month',
    password: '/password',
  }),
  {
    name: 'products_filtered',
    path: `/catalog/product?filter=${encodeURIComponent('[["unit_price","between",["5","900"]],["is_active","=",true],["product_category_id","not_null"]]')}`,
    async open(page) {
      await press(page, 'filter');
      await choose(page, page.locator('form.k-stack input[role=combobox]').first(), 'unit_price');
      await choose(page, page.locator('form.k-stack input[role=combobox]').nth(1), 'between');
    },
  },
  {
    name: 'products_grouped',
    path: '/catalog/product?group=product_category_id,brand_id&totals=sum:unit_price,avg:unit_price',
    open: (page) => page.locator('.k-groups').waitFor(),
  },
  {
    name: 'products_grouping',
    path: '/catalog/product?group=product_category_id&totals=sum:unit_price',
    async open(page) {
      await press(page, 'stack-backward');
      await page.locator('.mantine-Popover-dropdown button[aria-haspopup=menu]').click();
      await page.locator('[role=menuitemcheckbox]').first().waitFor();
    },
  },
  { name: 'products_chosen', path: '/catalog/product', open: chooseRows },
  {
    name: 'products_change',
    path: '/catalog/product',
    async open(page) {
      await chooseRows(page);
      await page.locator('.k-choice-bar button').first().click();
      const dialog = page.locator('[role=dialog]');
      await choose(page, dialog.locator('input').first(), 'model_year');
      await dialog.locator('input[name=model_year]').fill('2027');
      await dialog.locator('button[type=submit]').click();
      await dialog.locator('.k-preview').waitFor();
    },
  },
  {
    name: 'products_view',
    path: '/catalog/product',
    async open(page) {
      await page.locator('.k-view-tabs [role=tab]').nth(1).click();
      await page.locator('thead th button').first().click();
      await page.locator('.k-view-dot').first().waitFor();
    },
  },
  {
    name: 'products_view_menu',
    path: '/catalog/product',
    async open(page) {
      await page.locator('.k-view-tabs [role=tab]').nth(1).click();
      await menu(page, 'dots');
    },
  },
  {
    name: 'products_view_new',
    path: '/catalog/product',
    async open(page) {
      await page.locator('.k-views button:has(.tabler-icon-plus)').click();
      await page.locator('[role=dialog] input').first().fill('A view of mine');
    },
  },
  {
    name: 'products_columns',
    path: '/catalog/product',
    async open(page) {
      await press(page, 'columns');
      await page.locator('.k-columns li').first().waitFor();
    },
  },
  {
    name: 'products_peek',
    path: '/catalog/product',
    async open(page) {
      await cell(page, 0);
      await page.keyboard.press('Space');
      // On a phone there is no room beside the list.
      if ((page.viewportSize()?.width ?? 0) > 760) await page.locator('.k-peek dl').waitFor();
    },
  },
  {
    name: 'products_cell',
    path: '/catalog/product',
    async open(page) {
      await cell(page, 2, 'unit_price');
      await page.keyboard.press('F2');
      await page.locator('.k-cell-edit input').fill('x');
      await page.keyboard.press('Enter');
      await page.locator('.k-cell-problem').waitFor();
    },
  },
  { name: 'products_density', path: '/catalog/product', open: (page) => menu(page, 'line-height') },
  { name: 'products_export', path: '/catalog/product', open: (page) => menu(page, 'download') },
  {
    name: 'products_nothing',
    path: `/catalog/product?q=${encodeURIComponent('nothing is called this')}`,
  },
  {
    name: 'product_below',
    path: '/catalog/product/*',
    open: (page) => page.locator('.k-attached').scrollIntoViewIfNeeded(),
  },
  {
    name: 'product_changed',
    path: '/catalog/product/*',
    async open(page) {
      await page.locator('[data-field=unit_price]').click();
      await page.locator('input[name=unit_price]').fill('x');
      await page.keyboard.press('Control+Enter');
      await page.locator('.k-fields .mantine-InputWrapper-error').first().waitFor();
    },
  },
  {
    name: 'product_rows',
    path: '/catalog/product/*',
    async open(page) {
      await page.locator('.k-typed button[data-cell]').last().click();
      await page.keyboard.press('Enter');
      await page.locator('.k-typed .mantine-InputWrapper-error').first().waitFor();
    },
  },
  {
    name: 'product_brand_new',
    path: '/catalog/product/*',
    async open(page) {
      await page.locator('[data-field=brand_id]').click();
      await page.locator('input[name=brand_id]').fill('Nobody is called so');
      await page.locator('.k-option-make').click();
      await page.locator('[role=dialog] input').first().waitFor();
    },
  },
  {
    name: 'product_archive',
    path: '/catalog/product/*',
    async open(page) {
      await menu(page, 'dots');
      await page.locator('[role=menuitem]').last().click();
      await page.locator('[role=dialog] .k-actions').waitFor();
    },
  },
  {
    name: 'role_new',
    path: '/settings/roles',
    async open(page) {
      await page.locator('.k-role-head button:visible').first().click();
      await page.locator('[role=menuitem]').first().click();
      await page.locator('[role=dialog] input').first().fill('Stock keeper');
    },
  },
  {
    // One of the shop's own, where there is one.
    name: 'role_change',
    path: '/settings/roles',
    async open(page) {
      const seen = page.locator('.k-role-seen input').first();
      if (await seen.isVisible()) {
        await seen.click();
        await page.locator('[role=option]:visible').last().click();
      }
      await page.locator('.k-role-head button:visible').last().click();
      const items = page.locator('[role=menuitem]');
      await items.first().waitFor();
      await items.nth((await items.count()) > 1 ? 1 : 0).click();
      await page.locator('.k-role-bar, [role=dialog]').first().waitFor();
    },
  },
  {
    name: 'custom_field_new',
    path: '/custom-fields',
    async open(page) {
      await page.locator('.k-head button').first().click();
      await page.locator('[role=dialog] input').first().fill('Frame size');
    },
  },
  {
    name: 'webhook_new',
    path: '/webhooks',
    async open(page) {
      await page.locator('main .k-head button').first().click();
      await page.locator('[role=dialog] input').first().waitFor();
    },
  },
  {
    name: 'keys',
    path: '/catalog/product',
    async open(page) {
      await page.keyboard.press('?');
      await page.locator('[role=dialog] kbd').first().waitFor();
    },
  },
  {
    name: 'notices',
    path: '/',
    open: (page) => page.locator('.k-bell').click(),
  },
  {
    name: 'search',
    path: '/',
    async open(page) {
      await page.keyboard.press('Control+k');
      await page.locator('.k-palette-hit').first().waitFor();
    },
  },
  {
    name: 'person',
    path: '/',
    async open(page) {
      await page.locator('.k-person').click();
      await page.locator('[role=menu]').waitFor();
    },
  },
  { name: 'till', path: '/till', open: ringUp },
  {
    name: 'till_shelf',
    path: '/till',
    async open(page) {
      await ringUp(page);
      await page.locator('.till-shelves button').last().click();
      await page.locator('.till-shelves button[aria-checked=true]:last-child').waitFor();
      await page.locator('.till-light').click();
      await page.locator('.till-light span:not(.k-hidden)').waitFor();
    },
  },
  {
    name: 'till_found',
    path: '/till',
    async open(page) {
      await ringUp(page);
      await page.locator('.till-finder input').fill('bell');
      await page.locator('.till-found:not(.till-tiles) [role=option]').first().waitFor();
    },
  },
  {
    name: 'till_customer_new',
    path: '/till',
    async open(page) {
      await ringUp(page, 'F4');
      await page.locator('[role=dialog] input').fill('Nora Nobody 555 010 99 88');
      await page.locator('.k-option-make').click();
      await page.locator('[role=dialog] input[name=last_name]').waitFor();
    },
  },
  ...Object.entries({
    till_customer: 'F4',
    till_discount: 'F6',
    till_drawer: 'F7',
    till_cash: 'F8',
    till_card: 'F9',
  }).map(([name, key]) => ({ name, path: '/till', open: (page: Page) => ringUp(page, key) })),
  {
    name: 'till_receipts',
    path: '/till',
    async open(page) {
      await ringUp(page, 'F3');
      await page.locator('.till-receipts button').first().waitFor();
    },
  },
  {
    name: 'till_receipt',
    path: '/till',
    async open(page) {
      await ringUp(page, 'F3');
      await page.locator('.till-receipts button').first().click();
      await page.locator('[role=dialog] .till-paper').waitFor();
    },
  },
  {
    name: 'till_receipt_mail',
    path: '/till',
    async open(page) {
      await ringUp(page, 'F3');
      await page.locator('.till-receipts button').first().click();
      await page.locator('[role=dialog] button:has(.tabler-icon-mail)').click();
      await page.locator('[role=dialog] input[type=email]').waitFor();
    },
  },
];

/** Opens a scene in a language, and waits for what it asks of the server. */
export async function visit(page: Page, url: string, scene: Scene, lang: string): Promise<void> {
  const path = scene.path.replace('/*', '');
  if (languages.get(page) !== lang) await page.goto(`${url}/password?lang=${lang}`);
  languages.set(page, lang);
  // What lies over the frame closes; a page that is opened from itself would stay as it is.
  await page.keyboard.press('Escape');
  if (new URL(page.url()).pathname === path.split('?')[0]) await turnTo(page, '/password');
  await turnTo(page, path);
  const first = page.locator('.k-grid tbody tr[data-at="0"]');
  if (path !== scene.path) {
    if ((await first.count()) === 0) return;
    await first.locator('a').first().click();
    await page.waitForURL(/[0-9a-f-]{36}/);
    await calm(page);
  }
  await scene.open?.(page);
}

const languages = new WeakMap<Page, string>();

/** Goes to a page as a link does, without loading the app anew. */
async function turnTo(page: Page, path: string): Promise<void> {
  await calm(page);
  if (new URL(page.url()).pathname === path) return;
  await page.evaluate((to) => {
    document.querySelector('main > :last-child')?.setAttribute('data-left', '');
    history.pushState(null, '', to);
  }, path);
  await page.locator('[data-left]').waitFor({ state: 'detached' });
  await calm(page);
}

// The live channel stays open, so that the network is never idle: what counts is what is shown.
async function calm(page: Page): Promise<void> {
  await page.locator('main h1, main h2').first().waitFor();
  await page.waitForFunction(
    () => !document.querySelector('[aria-busy=true], main [role=status][aria-label]'),
  );
  await page.evaluate(() => document.fonts.ready);
}

function pages(paths: Record<string, string>): Scene[] {
  return Object.entries(paths).map(([name, path]) => ({ name, path }));
}

const press = (page: Page, icon: string) =>
  page.locator(`main button:has(.tabler-icon-${icon})`).first().click();

async function menu(page: Page, icon: string): Promise<void> {
  await press(page, icon);
  await page.locator('[role=menuitem]').first().waitFor();
}

/** Picks what has this value in a select. */
async function choose(page: Page, box: Locator, value: string): Promise<void> {
  await box.click();
  await page.locator(`[role=option][value="${value}"]:visible`).click();
}

/** Goes to a cell of the list by its row and column. */
async function cell(page: Page, row: number, column?: string): Promise<void> {
  const head = column ? page.locator(`th[data-name=${column}]`) : undefined;
  const col = (await head?.getAttribute('data-col')) ?? '0';
  await page.locator(`tr[data-at="${row}"] [data-col="${col}"]`).focus();
}

async function chooseRows(page: Page): Promise<void> {
  for (const at of [0, 1, 2])
    await page
      .locator('.k-choose input')
      .nth(at + 1)
      .check();
  await page.locator('.k-choice-bar').waitFor();
}

/** Two things in a sale at the till that this browser holds; it takes one first where it has none. */
async function ringUp(page: Page, key?: string): Promise<void> {
  const finder = page.locator('.till-finder input');
  const choice = page.locator('.till-choices button').first();
  const float = page.locator('.till-start .k-number-field input');
  const over = page.locator('[role=dialog] .k-actions button').last();
  await choice.or(float).or(finder).first().waitFor();
  // Where the till was taken over meanwhile, a dialog that says so lies above the choice.
  if (await choice.isVisible()) await choice.dispatchEvent('click');
  await over.or(float).or(finder).first().waitFor();
  if (await over.isVisible()) await over.click();
  await float.or(finder).first().waitFor();
  if (await float.isVisible()) {
    await float.fill('100');
    await page.keyboard.press('Enter');
  }
  for (const at of [0, 1]) await page.locator('.till-found [role=option]').nth(at).click();
  await page.locator('.till-line').nth(1).waitFor();
  if (!key) return;
  await page.keyboard.press(key);
  await page.locator('[role=dialog]').waitFor();
}
