import { Problem } from '#kernel';
import { fileProblem, type Query, type Staged, type Target } from '../../kernel/import/index.ts';

const phone = ['phone number', 'telephone', 'tel', 'mobile', 'telefon', 'contact phone'];
const email = ['email', 'e mail', 'mail', 'email address'];
const street = ['address', 'street address', 'address line 1', 'address1', 'strasse'];
const postalCode = ['zip', 'zip code', 'postcode', 'post code', 'postal', 'plz'];
const region = ['state', 'region', 'province', 'county'];
const number = ['id', 'number', 'no', 'nr', 'code', 'key'];
const active = ['active', 'is active', 'enabled', 'status'];

export const stores: Target = {
  table: 'master.store',
  label: 'Stores',
  words: ['store', 'shop', 'branch', 'outlet'],
  fields: [
    {
      name: 'number',
      label: 'Number',
      type: 'text',
      synonyms: ['id', 'no', 'nr', 'key'],
      virtual: true,
    },
    { name: 'code', label: 'Code', type: 'text' },
    {
      name: 'name',
      label: 'Name',
      type: 'text',
      required: true,
      synonyms: ['store', 'branch', 'shop'],
    },
    { name: 'phone', label: 'Phone', type: 'text', format: 'phone', synonyms: phone },
    { name: 'email', label: 'E-mail', type: 'text', format: 'email', synonyms: email },
    { name: 'street', label: 'Street', type: 'text', synonyms: street },
    { name: 'city', label: 'City', type: 'text', synonyms: ['town', 'place', 'ort'] },
    { name: 'region', label: 'State or region', type: 'text', synonyms: region },
    { name: 'postal_code', label: 'Postal code', type: 'text', synonyms: postalCode },
    { name: 'country', label: 'Country', type: 'text', synonyms: ['country code'] },
    { name: 'time_zone', label: 'Time zone', type: 'text', synonyms: ['timezone', 'tz'] },
    { name: 'is_active', label: 'Active', type: 'boolean', synonyms: active },
  ],
  keys: [['number'], ['name']],
  match: [['code'], ['name']],
  complete: completeStores,
};

export const employees: Target = {
  table: 'master.employee',
  label: 'Employees',
  words: ['employee', 'staff', 'worker', 'personnel'],
  fields: [
    { name: 'number', label: 'Number', type: 'text', synonyms: number },
    {
      name: 'first_name',
      label: 'First name',
      type: 'text',
      required: true,
      synonyms: ['name', 'given name', 'forename', 'vorname'],
    },
    {
      name: 'last_name',
      label: 'Last name',
      type: 'text',
      synonyms: ['surname', 'family name', 'nachname'],
    },
    { name: 'email', label: 'E-mail', type: 'text', format: 'email', synonyms: email },
    { name: 'phone', label: 'Phone', type: 'text', format: 'phone', synonyms: phone },
    { name: 'street', label: 'Street', type: 'text', synonyms: street },
    {
      name: 'store_id',
      label: 'Store',
      type: 'text',
      required: true,
      refers: { table: 'master.store', by: ['code', 'name'] },
      synonyms: ['branch', 'shop'],
    },
    {
      name: 'manager_id',
      label: 'Manager',
      type: 'text',
      refers: { table: 'master.employee', by: ['number', 'name', 'first_name'] },
      synonyms: ['reports to', 'boss', 'supervisor'],
    },
    { name: 'is_active', label: 'Active', type: 'boolean', synonyms: active },
  ],
  keys: [['number']],
  match: [['number']],
  place: 'number',
};

export const parties: Target = {
  table: 'master.party',
  label: 'Customers and suppliers',
  words: ['customer', 'client', 'party', 'contact', 'supplier', 'vendor', 'kunde'],
  fields: [
    { name: 'number', label: 'Number', type: 'text', synonyms: number },
    {
      name: 'organisation',
      label: 'Firm',
      type: 'text',
      synonyms: ['company', 'organization', 'company name', 'firma', 'business name', 'name'],
    },
    {
      name: 'first_name',
      label: 'First name',
      type: 'text',
      synonyms: ['given name', 'forename', 'vorname'],
    },
    {
      name: 'last_name',
      label: 'Last name',
      type: 'text',
      synonyms: ['surname', 'family name', 'nachname'],
    },
    {
      name: 'phone',
      label: 'Phone',
      type: 'text',
      format: 'phone',
      synonyms: phone,
      virtual: true,
    },
    {
      name: 'email',
      label: 'E-mail',
      type: 'text',
      format: 'email',
      synonyms: email,
      virtual: true,
    },
    { name: 'street', label: 'Street', type: 'text', synonyms: street, virtual: true },
    {
      name: 'city',
      label: 'City',
      type: 'text',
      synonyms: ['town', 'place', 'ort'],
      virtual: true,
    },
    { name: 'region', label: 'State or region', type: 'text', synonyms: region, virtual: true },
    {
      name: 'postal_code',
      label: 'Postal code',
      type: 'text',
      synonyms: postalCode,
      virtual: true,
    },
    { name: 'country', label: 'Country', type: 'text', synonyms: ['country code'], virtual: true },
    { name: 'is_customer', label: 'Customer', type: 'boolean' },
    { name: 'is_supplier', label: 'Supplier', type: 'boolean' },
    { name: 'note', label: 'Note', type: 'text', synonyms: ['notes', 'comment', 'remark'] },
    { name: 'is_active', label: 'Active', type: 'boolean', synonyms: active },
  ],
  keys: [['number'], ['email'], ['organisation'], ['first_name', 'last_name', 'phone']],
  match: [['number']],
  complete: numberParties,
  after: writeContacts,
};

export const targets = [stores, employees, parties];

// States that lie in one time zone, or nearly all of whose people do.
const ZONES: Record<string, string> = Object.fromEntries(
  Object.entries({
    'America/New_York': 'CT DC DE FL GA IN KY MA MD ME MI NC NH NJ NY OH PA RI SC VA VT WV',
    'America/Chicago': 'AL AR IA IL KS LA MN MO MS ND NE OK SD TN TX WI',
    'America/Denver': 'CO ID MT NM UT WY',
    'America/Phoenix': 'AZ',
    'America/Los_Angeles': 'CA NV OR WA',
    'America/Anchorage': 'AK',
    'Pacific/Honolulu': 'HI',
  }).flatMap(([zone, states]) => states.split(' ').map((s) => [s, zone])),
);

async function completeStores(staged: Staged, created: number[], query: Query): Promise<void> {
  const [home] = await query<{
    company_id: string;
    country: string;
    registration_id: string;
    zone: string;
  }>(
    `select c.id as company_id, c.country, r.id as registration_id,
            coalesce((select time_zone from master.store where company_id = c.id order by id limit 1), 'UTC') as zone
       from master.company c join master.tax_registration r on r.company_id = c.id
      order by c.id, r.id limit 1`,
  );
  if (!home)
    throw new Problem('company_missing', { message: fileProblem('company_missing').message });
  const used = new Set(
    (await query<{ code: string }>('select code from master.store')).map((s) => s.code),
  );
  const column = (name: string) => {
    const values = staged.values.get(name) ?? new Array(staged.lines.length).fill(null);
    staged.values.set(name, values);
    return values;
  };
  for (const i of created) {
    const code = column('code')[i];
    if (code) used.add(code);
  }
  for (const i of created) {
    column('country')[i] ??= home.country;
    const country = column('country')[i];
    const state = column('region')[i]?.trim().toUpperCase();
    column('company_id')[i] = home.company_id;
    column('registration_id')[i] = home.registration_id;
    column('time_zone')[i] ??= (country === 'US' && state && ZONES[state]) || home.zone;
    column('code')[i] ??= freeCode(column('name')[i] ?? '', used);
  }
}

/** A short code from a name that no other store has: SANTA, then SANTA2. */
function freeCode(name: string, used: Set<string>): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toUpperCase();
  const stem =
    plain
      .split(/[^A-Z0-9]+/)
      .find((word) => word !== '')
      ?.slice(0, 8) ?? 'S';
  let code = stem;
  for (let n = 2; used.has(code); n++) code = stem.slice(0, 8 - `${n}`.length) + n;
  used.add(code);
  return code;
}

/** A party without a number in its file gets the next free one. */
async function numberParties(staged: Staged, created: number[], query: Query): Promise<void> {
  const numbers = staged.values.get('number') ?? new Array(staged.lines.length).fill(null);
  staged.values.set('number', numbers);
  if (created.every((i) => numbers[i] !== null)) return;
  const [last] = await query<{ number: string }>(
    `select coalesce(max(number::bigint), 0) as number from master.party where number ~ '^[0-9]{1,15}$'`,
  );
  let next = Number(last?.number ?? 0);
  for (const n of numbers) if (/^\d{1,15}$/.test(n ?? '')) next = Math.max(next, Number(n));
  for (const i of created) numbers[i] ??= `${++next}`;
}

const ADDRESS = ['street', 'city', 'region', 'postal_code', 'country'];

/** A changed phone takes the place of the only one there is; beside several it is one more. */
async function writeContacts(staged: Staged, written: number[], query: Query): Promise<void> {
  for (const kind of ['phone', 'email']) {
    const values = staged.values.get(kind);
    const rows = values ? written.filter((i) => values[i] !== null) : [];
    if (!values || rows.length === 0) continue;
    const given = [kind, rows.map((i) => staged.ids[i]), rows.map((i) => values[i])];
    await query(
      `update master.contact_point p set value = g.value
         from unnest($2::uuid[], $3::text[]) g(party_id, value)
        where p.party_id = g.party_id and p.kind = $1 and p.value <> g.value and p.is_active
          and not exists (select from master.contact_point o where o.party_id = p.party_id
                             and o.kind = $1 and o.id <> p.id)`,
      given,
    );
    await query(
      `insert into master.contact_point (party_id, kind, value)
       select party_id, $1, value from unnest($2::uuid[], $3::text[]) g(party_id, value)
       on conflict (party_id, kind, value) do nothing`,
      given,
    );
  }
  await writeAddresses(staged, written, query);
}

async function writeAddresses(staged: Staged, written: number[], query: Query): Promise<void> {
  const parts = ADDRESS.map((name) => staged.values.get(name));
  const rows = written.filter((i) => parts.some((p) => p?.[i] != null));
  if (rows.length === 0) return;
  // What the file doesn't say of an address stays as it is.
  const said = ADDRESS.filter((_, at) => parts[at]);
  const those = (of: string) => said.map((name) => `${of}.${name}`).join(', ');
  await query(
    `insert into master.address as a (party_id, street, city, region, postal_code, country)
     select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
     on conflict (party_id, kind) do update
       set ${said.map((name) => `${name} = excluded.${name}`).join(', ')}
     where (${those('a')}) is distinct from (${those('excluded')})`,
    [rows.map((i) => staged.ids[i]), ...parts.map((p) => rows.map((i) => p?.[i] ?? null))],
  );
}
