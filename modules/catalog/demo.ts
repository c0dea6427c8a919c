import type { Demo } from '../../kernel/demo.ts';
import { pictureOf } from './demo_pictures.ts';

const BRANDS = ['Alder', 'Brightline', 'Cormorant', 'Drumlin', 'Estuary', 'Foxglove'];

/** Ways to look at the products that somebody kept for all. */
const VIEWS = {
  'Over 1,000': { filter: [['unit_price', '>=', '1000']], sort: [['unit_price', 'desc']] },
  'By category': { group: ['product_category_id'], totals: ['avg:unit_price'] },
};

/** Category, kind, and its products: name, price, cost. */
const SHELVES: [string, 'stockable' | 'service', [string, string, string][]][] = [
  [
    'City bikes',
    'stockable',
    [
      ['Harbor 3', '649.00', '402.00'],
      ['Harbor 7', '829.00', '515.00'],
      ['Lantern Step-through', '719.00', '446.00'],
      ['Tram 8', '949.00', '590.00'],
      ['Arcade Belt', '1290.00', '812.00'],
    ],
  ],
  [
    'Mountain bikes',
    'stockable',
    [
      ['Ridge 29', '1149.00', '730.00'],
      ['Ridge 29 Pro', '1899.00', '1225.00'],
      ['Scree 27.5', '899.00', '566.00'],
      ['Talus Full', '2599.00', '1690.00'],
      ['Moss Hardtail', '749.00', '470.00'],
    ],
  ],
  [
    'Road bikes',
    'stockable',
    [
      ['Meridian 105', '1799.00', '1160.00'],
      ['Meridian Carbon', '3249.00', '2140.00'],
      ['Gravelux', '2149.00', '1395.00'],
      ['Tempo Alloy', '1199.00', '760.00'],
    ],
  ],
  [
    'Electric bikes',
    'stockable',
    [
      ['Current City', '2499.00', '1625.00'],
      ['Current Cargo', '4299.00', '2870.00'],
      ['Volt Trail', '3599.00', '2380.00'],
      ['Spark Fold', '1899.00', '1240.00'],
    ],
  ],
  [
    'Children’s bikes',
    'stockable',
    [
      ['Pip Balance 12', '149.00', '82.00'],
      ['Pip 16', '229.00', '131.00'],
      ['Sprout 20', '299.00', '176.00'],
      ['Sprout 24', '359.00', '214.00'],
    ],
  ],
  [
    'Tyres and tubes',
    'stockable',
    [
      ['City tyre 28×1.6', '34.90', '16.20'],
      ['Gravel tyre 700×40', '49.90', '24.80'],
      ['Trail tyre 29×2.3', '54.90', '27.40'],
      ['Inner tube 28', '7.90', '2.60'],
      ['Inner tube 29', '8.90', '2.90'],
      ['Puncture kit', '4.50', '1.30'],
    ],
  ],
  [
    'Lights and locks',
    'stockable',
    [
      ['Front light 60 lux', '59.90', '31.00'],
      ['Rear light', '24.90', '11.20'],
      ['Light set USB', '39.90', '18.50'],
      ['U-lock', '64.90', '34.00'],
      ['Folding lock', '79.90', '42.00'],
      ['Cable lock', '19.90', '8.40'],
    ],
  ],
  [
    'Helmets and clothing',
    'stockable',
    [
      ['Commuter helmet', '69.90', '36.50'],
      ['Trail helmet', '99.90', '54.00'],
      ['Kids’ helmet', '44.90', '22.00'],
      ['Gloves', '24.90', '10.80'],
      ['Rain jacket', '89.90', '46.00'],
      ['Bib shorts', '74.90', '38.00'],
    ],
  ],
  [
    'Parts',
    'stockable',
    [
      ['Chain 9-speed', '22.90', '10.40'],
      ['Chain 12-speed', '44.90', '22.50'],
      ['Brake pads', '17.90', '7.20'],
      ['Pedals flat', '39.90', '19.00'],
      ['Saddle comfort', '49.90', '24.00'],
      ['Grips', '16.90', '6.90'],
      ['Bell', '9.90', '3.40'],
      ['Kickstand', '18.90', '8.10'],
      ['Mudguard set', '34.90', '16.70'],
      ['Bottle cage', '12.90', '4.80'],
    ],
  ],
  [
    'Workshop',
    'service',
    [
      ['Tune-up', '79.00', '0.00'],
      ['Wheel truing', '29.00', '0.00'],
      ['Puncture repair', '15.00', '0.00'],
      ['Brake bleed', '45.00', '0.00'],
    ],
  ],
];

/** A bike shop's shelves with brands, sales tax of its county, barcodes, costs and pictures. */
export default async function demo(d: Demo): Promise<void> {
  const tax = await d.call<{ id: string }>('catalog.tax.create', {
    name: 'NY sales tax',
    tax_fraction: '0.08',
  });
  for (const store of await d.list('catalog.store_pricing')) {
    await d.call('catalog.store_pricing.change', {
      id: store.id,
      version: store.version,
      tax_id: tax.id,
    });
  }
  const brands: string[] = [];
  for (const name of BRANDS)
    brands.push((await d.call<{ id: string }>('catalog.brand.create', { name })).id);
  const [piece] = await d.list('catalog.unit', { filter: [['code', '=', 'C62']] });
  const made: { id: string; unit_price: string; kind: string }[] = [];
  for (const [name, kind, products] of SHELVES) {
    const category = await d.call<{ id: string }>('catalog.product_category.create', { name });
    for (const [product, unit_price, unit_cost] of products) {
      const { id } = await d.call<{ id: string }>('catalog.product.create', {
        name: product,
        kind,
        barcode: barcode(made.length),
        product_category_id: category.id,
        ...(kind === 'stockable' ? { brand_id: d.pick(brands), unit_cost } : {}),
        unit_id: piece?.id,
        unit_price,
        ...(Number(unit_price) > 500 ? { model_year: d.now.getFullYear() } : {}),
      });
      const picture = await pictureOf(product);
      if (picture)
        await d.attach('catalog.product', id, `${product}.webp`.replace('/', '-'), picture);
      made.push({ id, unit_price, kind });
    }
    d.progress('Products', made.length, 54);
  }
  for (const [name, spec] of Object.entries(VIEWS)) {
    const view = { table_name: 'catalog.product', name, spec, shared: true };
    await d.call('kernel.saved_view.save', view);
  }
  d.made.set('products', made);
  d.made.set('tax', [tax]);
}

/** An EAN-13 in the range that shops give out themselves, with its check digit. */
function barcode(place: number): string {
  const digits = `20${String(4_000_000_000 + place * 7919).slice(0, 10)}`;
  const sum = [...digits].reduce((all, digit, at) => all + Number(digit) * (at % 2 ? 3 : 1), 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}
