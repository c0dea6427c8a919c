import type { Demo } from '../../kernel/demo.ts';

const FIRST =
  `Ada Amir Anna Ben Carla Chen Clara Dana Diego Elif Emma Farid Grace Hana Hugo Ines Ivan Jack
  Jana Joel Julia Kai Karim Lena Leo Lina Luca Maya Mila Nadia Nico Nora Omar Oscar Paula Priya Rosa
  Ruth Sam Sara Sofia Tariq Theo Tom Uma Vera Victor Wanda Yara Zoe`.split(/\s+/);
const LAST =
  `Abbott Alvarez Baker Becker Bennett Brooks Castillo Chang Cole Cruz Dixon Ellis Fischer Foster
  Garcia Gray Haddad Hayes Hughes Ibrahim Jensen Jones Kaplan Kelly Kim Lang Lopez Marino Meyer
  Moreno Murphy Nguyen Novak Olsen Ortiz Park Patel Perry Reyes Rossi Russo Schmidt Shah Silva
  Sullivan Tanaka Torres Vargas Weber Wood`.split(/\s+/);
const STREETS = [
  'Mill Road',
  'Canal Street',
  'Oak Avenue',
  'Station Road',
  'Harbor Lane',
  'Elm Street',
];
const CITIES = [
  ['Albany', 'NY', '12207'],
  ['Troy', 'NY', '12180'],
  ['Kingston', 'NY', '12401'],
  ['Hudson', 'NY', '12534'],
] as const;
const CUSTOMERS = 160;
/** Of the demo's manager “sam” and cashier “mia”; nobody has them in a shop of one's own. */
const DEMO_PASSWORD = 'Demo-Shop-1';

/** A second store, the people who work in both, and customers with phone, e-mail and address. */
export default async function demo(d: Demo): Promise<void> {
  const [first] = await d.list('master.store');
  if (!first) throw new Error('The demo needs a first store.');
  await d.call('master.store.change', {
    id: first.id,
    version: first.version,
    time_zone: 'America/New_York',
    street: '12 Hill Street',
    city: 'Albany',
    region: 'NY',
    postal_code: '12207',
    phone: '(518) 555-0110',
    email: 'hill@hillbikes.example',
  });
  await d.call('master.store.create', {
    company_id: first.company_id,
    registration_id: first.registration_id,
    code: 'VALLEY',
    name: 'Valley',
    time_zone: 'America/New_York',
    street: '80 Valley Road',
    city: 'Troy',
    region: 'NY',
    postal_code: '12180',
    country: 'US',
    phone: '(518) 555-0120',
    email: 'valley@hillbikes.example',
  });
  const stores = await d.list('master.store', { sort: [['name', 'asc']] });
  d.made.set('stores', stores);
  for (const [at, store] of stores.entries()) await employees(d, String(store.id), at);
  await customers(d);
}

async function employees(d: Demo, store_id: string, at: number): Promise<void> {
  const people = [
    'Sam Rivera',
    'Mia Hart',
    'Noah Stein',
    'Ruth Keller',
    'Ivan Petrov',
    'Lina Haddad',
  ];
  const ids: string[] = [];
  for (const name of people.slice(at * 3, at * 3 + 3)) {
    const [first_name, last_name] = name.split(' ');
    const user = await userOf(d, first_name ?? '', name, store_id);
    const made = await d.call<{ id: string }>('master.employee.create', {
      store_id,
      first_name,
      last_name,
      email: `${first_name?.toLowerCase()}@hillbikes.example`,
      phone: `(518) 555-01${30 + at * 3 + ids.length}`,
      ...(ids[0] ? { manager_id: ids[0] } : {}),
      ...(user ? { user_id: user } : {}),
    });
    ids.push(made.id);
  }
}

/** One manager and one cashier can sign in, so that one sees what each may. */
async function userOf(d: Demo, first_name: string, name: string, store_id: string) {
  const role = { Sam: 'manager', Mia: 'cashier' }[first_name];
  if (!role) return undefined;
  const username = first_name.toLowerCase();
  const password = DEMO_PASSWORD;
  const made = await d.call<{ id: string }>('identity.user.make', {
    username,
    name,
    password,
    role,
    store_id,
  });
  return made.id;
}

async function customers(d: Demo): Promise<void> {
  const made: { id: string }[] = [];
  for (let i = 0; i < CUSTOMERS; i++) {
    const first_name = d.pick(FIRST);
    const last_name = d.pick(LAST);
    const party = await d.call<{ id: string }>('master.party.create', {
      first_name,
      last_name,
      is_customer: true,
    });
    made.push(party);
    const [city, region, postal_code] = d.pick(CITIES);
    await Promise.all([
      d.call('master.contact_point.create', {
        party_id: party.id,
        kind: 'phone',
        value: `(518) 555-${String(1000 + i).padStart(4, '0')}`,
      }),
      d.call('master.contact_point.create', {
        party_id: party.id,
        kind: 'email',
        value: `${first_name}.${last_name}${i}@mail.example`.toLowerCase(),
      }),
      d.call('master.address.create', {
        party_id: party.id,
        street: `${Math.floor(d.chance() * 200) + 1} ${d.pick(STREETS)}`,
        city,
        region,
        postal_code,
        country: 'US',
      }),
    ]);
    if (i % 20 === 0) d.progress('Customers', i, CUSTOMERS);
  }
  d.made.set('customers', made);
}
