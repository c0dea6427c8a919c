import type { GivenFile } from './read.ts';

export const file = (name: string, text: string): GivenFile => ({ name, bytes: Buffer.from(text) });

const stores = `name,phone,street,city,state,zip_code
Harbour Cycles,(207) 555-0101,12 Pier Road,Portland,ME,04101
Mesa Wheels,(505) 555-0102,8 Cactus Way,Santa Fe,NM,87501
`;
const staff = `name,last_name,email,active,store_name,manager_id
Ada,Lind,ada@harbour.example,1,Harbour Cycles,NULL
Ben,Moss,ben@harbour.example,1,Harbour Cycles,1
Cleo,Ruiz,cleo@mesa.example,1,Mesa Wheels,1
Ben,Ortiz,ben@mesa.example,0,Mesa Wheels,3
`;
const brands = `brand_id,brand_name
1,Northwind
2,Kestrel
`;
const categories = `category_id,category_name
1,City bikes
2,Helmets
3,Bells
`;
const products = `product_id,product_name,brand_id,category_id,model_year,list_price
1,Northwind Glide,1,1,2025,649.00
2,Kestrel Arrow,2,1,2026,1249.50
3,Kestrel Shell,2,2,2026,89.90
4,Kestrel Shell,2,2,2025,69.90
5,Northwind Bell,1,3,2026,12.00
`;
const customers = `customer_id,first_name,last_name,phone,email,street,city,state,zip_code
1,Dora,Finch,,dora@example.com,1 Elm St,Bath,ME,04530
2,Emil,Gray,(505) 555-0144,emil@example.com,2 Oak St,Taos,NM,87571
3,Faye,Holt,NaN,faye@example.com,3 Fir St,Saco,ME,04072
`;
const stocks = `store_name,product_id,quantity
Harbour Cycles,1,4
Harbour Cycles,2,0
Mesa Wheels,1,7
Mesa Wheels,3,25
`;
const orders = `order_id,customer_id,order_status,order_status_name,order_date,required_date,shipped_date,store,staff_name
1,1,4,Completed,2025-03-02,2025-03-05,2025-03-04,Harbour Cycles,Ben
2,2,1,Pending,2025-03-03,2025-03-06,,Mesa Wheels,Ben
3,3,3,Rejected,2025-03-04,2025-03-07,NULL,Harbour Cycles,Ada
`;
const lines = `order_id,item_id,product_id,quantity,list_price,discount
1,1,1,1,649.00,0.2
1,2,3,2,89.90,0
`;

/** A small shop's files, each by what it holds; their names say nothing. */
export const SHOP = {
  stores,
  staff,
  brands,
  categories,
  products,
  customers,
  stocks,
  orders,
  lines,
};

/** The same shop as an old system gives it, where all is told by number. */
export const BY_NUMBER: typeof SHOP = {
  ...SHOP,
  stores: `store_id,store_name,phone,street,city,state,zip_code
1,Harbour Cycles,(207) 555-0101,12 Pier Road,Portland,ME,04101
2,Mesa Wheels,(505) 555-0102,8 Cactus Way,Santa Fe,NM,87501
`,
  staff: `staff_id,first_name,last_name,email,active,store_id,manager_id
1,Ada,Lind,ada@harbour.example,1,1,NULL
2,Ben,Moss,ben@harbour.example,1,1,1
3,Cleo,Ruiz,cleo@mesa.example,1,2,1
4,Ben,Ortiz,ben@mesa.example,0,2,3
`,
  brands: 'id,name\n1,Northwind\n2,Kestrel\n',
  categories: 'id,name\n1,City bikes\n2,Helmets\n3,Bells\n',
  stocks: 'store_id,product_id,quantity\n1,1,4\n1,2,0\n2,1,7\n2,3,25\n',
  orders: `order_id,customer_id,order_status,order_date,required_date,shipped_date,store_id,staff_id
1,1,4,2025-03-02,2025-03-05,2025-03-04,1,2
2,2,1,2025-03-03,2025-03-06,,2,4
3,3,3,2025-03-04,2025-03-07,NULL,1,1
`,
};

export type Kind = keyof typeof SHOP;

export const TABLES: Record<Kind, string> = {
  stores: 'master.store',
  staff: 'master.employee',
  brands: 'catalog.brand',
  categories: 'catalog.product_category',
  products: 'catalog.product',
  customers: 'master.party',
  stocks: 'inventory.stock_level',
  orders: 'sales.sales_order',
  lines: 'sales.sales_order_line',
};

/** The shop's files with some changed, in the order of their kinds, or as `order` says. */
export function shop(
  changed: Partial<Record<Kind, string>> = {},
  order = Object.keys(SHOP),
): GivenFile[] {
  const all = { ...SHOP, ...changed };
  return order.map((kind) => file(`${Object.keys(SHOP).indexOf(kind)}.csv`, all[kind as Kind]));
}

export const nameOf = (kind: Kind): string => `${Object.keys(SHOP).indexOf(kind)}.csv`;
