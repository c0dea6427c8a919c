import assert from 'node:assert/strict';
import { type Person, story, uuidv7, type World } from '#kernel/test';
import { counter, product, sale } from '../../kernel/test/shop.ts';

interface Side {
  purpose: string;
  debit?: string;
  credit?: string;
  store?: string;
}

const today = new Date().toISOString().slice(0, 10);
const month = (monthsAgo: number) => {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - monthsAgo, 15))
    .toISOString()
    .slice(0, 10);
};

/** An entry as raw SQL: its head, then all lines in one statement for each list of sides. */
async function entry({ behind }: World, lists: Side[][], day = today): Promise<string> {
  const id = uuidv7();
  const [c] = await behind(
    `select c.id, j.id as journal from master.company c join finance.journal j on j.code = 'GEN'`,
  );
  const stores = new Map(
    (await behind('select code, id from master.store')).map((s) => [s.code, s.id]),
  );
  const accounts = new Map(
    (await behind('select purpose, id from finance.account')).map((a) => [a.purpose, a.id]),
  );
  const head = `insert into finance.journal_entry
    (id, company_id, store_id, journal_id, number, happened_at, posted_on, source_table, source_id)
    values ('${id}', '${c?.id}', '${stores.get('HILL')}', '${c?.journal}', '${id.slice(-12)}',
            '${day} 12:00Z', '${day}', 'story', '${id}')`;
  let position = 0;
  const lines = lists.map(
    (sides) => `insert into finance.journal_line (company_id, store_id, journal_entry_id, position,
      account_id, posted_on, debit, credit, currency, currency_amount, source_table, source_id) values ${sides
        .map(({ purpose, debit = '0', credit = '0', store = 'HILL' }) => {
          position += 1;
          return `('${c?.id}', '${stores.get(store)}', '${id}', ${position}, '${accounts.get(purpose)}',
            '${day}', ${debit}, ${credit}, 'USD', ${debit} - ${credit}, 'story', '${id}')`;
        })
        .join()}`,
  );
  return [head, ...lines].join(';\n');
}

const sold: Side[] = [
  { purpose: 'cash', debit: '100.00' },
  { purpose: 'sales', credit: '100.00' },
];

/** A role that may write books everywhere and see none. */
async function blindPoster(world: World): Promise<Person> {
  await world.behind(
    `insert into identity.role values ('poster', 'Poster') on conflict do nothing`,
  );
  await world.behind(`insert into identity.role_permission values ('poster', 'finance.manage')
    on conflict do nothing`);
  return world.as('poster');
}

story('an entry balances over all its lines, also those its poster may not see', async (world) => {
  const poster = await blindPoster(world);
  assert.deepEqual(await poster.sql('select id from finance.journal_line'), []);
  await poster.sql(await entry(world, [sold]));
  const across: Side[] = [
    { purpose: 'cash', debit: '60.00', store: 'VALLEY' },
    { purpose: 'sales', credit: '60.00' },
  ];
  await poster.sql(await entry(world, [across]));

  const owner = await world.as('administrator');
  await world.refusedBySql(
    owner,
    'entry_does_not_balance',
    await entry(world, [
      [
        { purpose: 'cash', debit: '100.00' },
        { purpose: 'sales', credit: '60.00' },
        { purpose: 'sales', credit: '39.99', store: 'VALLEY' },
      ],
    ]),
  );
  await world.refusedBySql(
    poster,
    'entry_does_not_balance',
    await entry(world, [[{ purpose: 'cash', debit: '100.00', store: 'VALLEY' }]]),
  );
  await world.refusedBySql(owner, 'entry_has_no_lines', await entry(world, []));
});

story('who reads the books puts no paper to an entry; who may write them does', async (world) => {
  const owner = await world.as('administrator');
  const text = await entry(world, [sold]);
  await owner.sql(text);
  const id = /'([0-9a-f-]{36})'/.exec(text)?.[1];
  const manager = await world.as('manager', { store: 'HILL' });
  const may = (changing: boolean) =>
    `select kernel_logic.may_record('finance.journal_entry', '${id}', ${changing}) as may`;
  assert.deepEqual(await manager.sql(may(false)), [{ may: true }]);
  assert.deepEqual(await manager.sql(may(true)), [{ may: false }]);
  assert.deepEqual(await owner.sql(may(true)), [{ may: true }]);
});

story('who keeps the books of one store writes no other store’s', async (world) => {
  const hill = await world.as('administrator', { store: 'HILL' });
  await hill.sql(await entry(world, [sold]));
  await world.refusedBySql(
    hill,
    'row-level security',
    await entry(world, [sold.map((s) => ({ ...s, store: 'VALLEY' }))]),
  );
  const cashier = await world.as('cashier', { store: 'HILL' });
  await world.refusedBySql(cashier, 'row-level security', await entry(world, [sold]));
});

story('what is posted doesn’t change, doesn’t grow and doesn’t go', async (world) => {
  const owner = await world.as('administrator');
  await owner.sql(await entry(world, [sold]));
  await world.refusedBySql(owner, 'entry_is_posted', await entry(world, [sold, sold]));
  const [line] = await world.behind('select * from finance.journal_line order by id desc limit 1');
  await world.refusedBySql(
    owner,
    'entry_is_posted',
    `insert into finance.journal_line (company_id, store_id, journal_entry_id, position, account_id,
       posted_on, debit, credit, currency, currency_amount, source_table, source_id)
     select company_id, store_id, journal_entry_id, n, account_id, posted_on,
       case n when 98 then 5 else 0 end, case n when 98 then 0 else 5 end, 'USD', 5, 'story', source_id
       from finance.journal_line, (values (98), (99)) v(n) where id = $1`,
    line?.id,
  );
  for (const forbidden of [
    'update finance.journal_line set debit = debit + 1, credit = credit + 1',
    'delete from finance.journal_line',
    `update finance.journal_entry set text = 'other'`,
    'delete from finance.journal_entry',
    'truncate finance.journal_line',
  ]) {
    await world.refusedBySql(owner, 'permission denied', forbidden);
  }
});

/** The period of a day, made by a first entry in it. */
async function periodOf(world: World, owner: Person, day: string): Promise<string> {
  await owner.sql(await entry(world, [sold], day));
  const [p] = await world.behind(
    'select id from finance.period where $1 between starts_on and ends_on',
    day,
  );
  return String(p?.id);
}

story('a closed period takes nothing, whoever asks', async (world) => {
  const owner = await world.as('administrator');
  const day = month(3);
  const period = await periodOf(world, owner, day);
  await owner.call('finance.period.close', { id: period });
  await world.refusedBySql(owner, 'period_is_closed', await entry(world, [sold], day));
  const manager = await world.as('manager');
  await world.refused('not_permitted', () => manager.call('finance.period.reopen', { id: period }));
  const opened = await manager.sql(
    `update finance.period set state = 'open' where id = $1 returning id`,
    period,
  );
  assert.deepEqual(opened, []);
  await world.refusedBySql(
    owner,
    'permission denied',
    'update finance.period set ends_on = starts_on where id = $1',
    period,
  );
});

for (const isolation of ['read committed', 'repeatable read']) {
  story(`a closed period takes nothing from an older transaction, ${isolation}`, async (world) => {
    const owner = await world.as('administrator');
    const day = month(isolation === 'read committed' ? 4 : 5);
    const id = await periodOf(world, owner, day);
    const older = await owner.open(isolation);
    await older.sql('select count(*) from finance.journal_entry'); // its snapshot is taken
    await owner.call('finance.period.close', { id });
    await assert.rejects(
      older.sql(await entry(world, [sold], day)),
      isolation === 'read committed' ? /period_is_closed/ : /could not serialize/,
    );
    await older.end();

    // And a closing waits for what is being posted.
    await owner.call('finance.period.reopen', { id });
    const posting = await owner.open(isolation);
    await posting.sql(await entry(world, [sold], day));
    let closed = false;
    const closing = owner.call('finance.period.close', { id }).then(() => {
      closed = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 150));
    assert.equal(closed, false);
    await posting.commit();
    await closing;
  });
}

story('a day between periods of other lengths gets a period of its own', async (world) => {
  const owner = await world.as('administrator');
  const [year, of] = month(7).split('-');
  const [company] = await world.behind('select id from master.company');
  await owner.sql(
    'insert into finance.period (company_id, starts_on, ends_on) values ($1, $2, $3)',
    company?.id,
    `${year}-${of}-10`,
    `${year}-${of}-20`,
  );
  await owner.sql(await entry(world, [sold], `${year}-${of}-05`));
  await owner.sql(await entry(world, [sold], `${year}-${of}-25`));
  const periods = await world.behind(
    `select to_char(starts_on, 'DD') as starts, state from finance.period
      where to_char(starts_on, 'YYYY-MM') = $1 order by 1`,
    `${year}-${of}`,
  );
  assert.deepEqual(periods, [
    { starts: '01', state: 'open' },
    { starts: '10', state: 'open' },
    { starts: '21', state: 'open' },
  ]);
});

story('a sale that comes late goes to the first open day, flagged', async (world) => {
  const owner = await world.as('administrator');
  const cashier = await world.as('cashier', { store: 'HILL' });
  const at = await counter(world, cashier);
  for (const ago of [2, 1]) {
    await owner.call('finance.period.close', { id: await periodOf(world, owner, month(ago)) });
  }
  const late = sale(at, [{ product: await product(world), quantity: 1 }]);
  const r = await cashier.call('pos.receipt.ring_up', {
    ...late,
    happened_at: `${month(2)}T12:00:00Z`,
  });
  assert.equal(r.business_on, month(2));
  const [posted] = await world.behind(
    `select posted_on::text, business_on::text from finance.journal_entry where source_id = $1`,
    r.id,
  );
  assert.deepEqual(posted, { posted_on: `${today.slice(0, 8)}01`, business_on: month(2) });
  const findings = await world.behind('select code from kernel.finding where source_id = $1', r.id);
  assert.deepEqual(findings, [{ code: 'posted_to_later_day' }]);
});
