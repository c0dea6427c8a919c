-- What stands on a printed receipt.

-- Who rang it up, by name: a customer reads it on the paper, so whoever may sell there may, too, who
-- sees nothing else of other people.
create or replace function pos_logic.cashier_of(receipt uuid) returns text
  language sql stable security definer set search_path = '' as $$
  select coalesce(nullif(u.name, ''), u.username) from pos.receipt r join identity.user u on u.id = r.recorded_by
   where r.id = receipt and r.store_id = any((select kernel_logic.my_stores('pos.sell'))::uuid[])
$$;

-- A row's name in a language, the original where none was written.
create or replace function pos_logic.name_in(spoken text, of_table text, of_row uuid, own text) returns text
  language sql stable set search_path = '' as $$
  select coalesce((select nullif(t.text, '') from kernel.translation t
    where t.table_name = of_table and t.row_id = of_row and t.column_name = 'name' and t.language = spoken), own)
$$;

-- What stands at the head of every receipt of a store: whose shop it is and where. Printed for anybody.
create or replace function pos_logic.paper_head(store uuid) returns jsonb
  language sql stable set search_path = '' as $$
  select jsonb_build_object('time_zone', s.time_zone, 'country', s.country, 'company', c.name,
    'tax_numbers', case when x.number <> '' then jsonb_build_array(x.number) else '[]' end,
    'store', jsonb_build_object('name', s.name, 'street', s.street, 'city', s.city, 'region', s.region,
      'postal_code', s.postal_code, 'phone', s.phone, 'email', s.email))
    from master.store s
    join master.company c on c.id = s.company_id
    left join master.tax_registration x on x.id = s.registration_id
   where s.id = store
$$;

-- The receipt with all that is printed of it, as the caller may read it; null where they may not.
-- Amounts are as on the receipt: of a return they are below nothing.
create or replace function pos_logic.receipt_document(receipt uuid, spoken text) returns jsonb
  language sql stable set search_path = '' as $$
  select pos_logic.paper_head(r.store_id) || jsonb_build_object(
    'number', r.reference, 'kind', r.kind, 'made_at', r.happened_at, 'happened_at', r.happened_at,
    'currency', r.currency, 'decimals', kernel_logic.decimals(r.currency),
    'cashier', pos_logic.cashier_of(r.id),
    'customer', (select jsonb_build_object('name', p.name, 'number', p.number)
                   from master.party p where p.id = r.party_id),
    'reason', r.reason,
    'reverses', (select b.reference from pos.receipt b where b.id = coalesce(r.returns_id, r.voids_id)),
    'reversed_by', (select coalesce(jsonb_agg(b.reference order by b.happened_at, b.id), '[]')
                      from pos.receipt b where r.id in (b.returns_id, b.voids_id)),
    'price_includes_tax', r.price_includes_tax,
    'net_amount', r.net_amount::text, 'tax_amount', r.tax_amount::text, 'gross_amount', r.gross_amount::text,
    'lines', (select jsonb_agg(jsonb_build_object(
        'name', pos_logic.name_in(spoken, 'catalog.product', p.id, p.name), 'number', p.number,
        'quantity', l.quantity::text, 'unit', pos_logic.name_in(spoken, 'catalog.unit', u.id, u.name),
        'unit_price', l.unit_price::text,
        'discount_amount', nullif(l.discount_amount, 0)::text,
        'tax_fraction', (select sum(t.tax_fraction)::text from pos.receipt_tax y join catalog.tax t on t.id = y.tax_id
                          where y.receipt_line_id = l.id),
        'line_amount', (l.net_amount + case when r.price_includes_tax then l.tax_amount else 0 end)::text)
        order by l.position)
      from pos.receipt_line l join catalog.product p on p.id = l.product_id
      left join catalog.unit u on u.id = p.unit_id where l.receipt_id = r.id),
    'taxes', (select coalesce(jsonb_agg(jsonb_build_object('name', t.name, 'tax_fraction', t.tax_fraction::text,
        'base_amount', y.base::text, 'tax_amount', y.tax::text) order by t.tax_fraction, t.name), '[]')
      from (select y.tax_id, sum(y.base_amount) as base, sum(y.tax_amount) as tax
              from pos.receipt_tax y join pos.receipt_line l on l.id = y.receipt_line_id
             where l.receipt_id = r.id group by 1) y join catalog.tax t on t.id = y.tax_id),
    'payments', (select coalesce(jsonb_agg(jsonb_build_object('method', m.method,
        'paid_amount', coalesce(m.tendered, m.amount)::text, 'approval_code', m.approval_code)
        order by m.position), '[]') from pos.payment m where m.receipt_id = r.id),
    'change_amount', (select nullif(sum(m.tendered - m.amount), 0)::text from pos.payment m
                       where m.receipt_id = r.id and m.tendered is not null))
    from pos.receipt r where r.id = receipt
$$;
