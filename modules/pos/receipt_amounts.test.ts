import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromMinor, toMinor } from '../../kernel/database/money.ts';
import { type ReceiptInput, receiptAmounts } from './receipt_amounts.ts';

const decimalText = (most: number, places: number) =>
  fc.integer({ min: 0, max: most }).map((n) => fromMinor(BigInt(n), places));

const line = fc.record({
  quantity: fc.integer({ min: 1, max: 9999 }).map((n) => fromMinor(BigInt(n), 2)),
  unit_price: decimalText(1_000_000, 2),
  discount_fraction: decimalText(100_000, 5),
  tax_fraction: decimalText(30_000, 5),
});

const receipt: fc.Arbitrary<ReceiptInput> = fc.record({
  lines: fc.array(line, { minLength: 1, maxLength: 30 }),
  decimals: fc.constantFrom(0, 2, 3),
  price_includes_tax: fc.boolean(),
  sale_discount: fc.option(
    fc.oneof(
      decimalText(100_000, 5).map((fraction) => ({ fraction })),
      decimalText(500_000, 2).map((amount) => ({ amount })),
    ),
  ),
});

const sum = (decimals: number, texts: string[]) =>
  fromMinor(
    texts.reduce((all, text) => all + toMinor(text, decimals), 0n),
    decimals,
  );

test('a receipt is the sum of its lines, and each line of its parts', () => {
  fc.assert(
    fc.property(receipt, (input) => {
      const out = receiptAmounts(input);
      const names = ['before_amount', 'discount_amount', 'net_amount', 'tax_amount'] as const;
      for (const name of [...names, 'gross_amount'] as const) {
        const all = out.lines.map((each) => each[name]);
        assert.equal(sum(input.decimals, all), out[name]);
      }
      for (const each of out.lines) {
        const base = toMinor(each.before_amount, 3) - toMinor(each.discount_amount, 3);
        const total = input.price_includes_tax ? each.gross_amount : each.net_amount;
        assert.equal(toMinor(total, 3), base);
      }
    }),
  );
});

test('what is taken back mirrors what was sold', () => {
  fc.assert(
    fc.property(receipt, (input) => {
      const lines = input.lines.map((each) => ({ ...each, quantity: `-${each.quantity}` }));
      const sold = receiptAmounts(input);
      const back = receiptAmounts({ ...input, lines });
      const turned = (text: string) => -toMinor(text, input.decimals);
      assert.equal(toMinor(back.gross_amount, input.decimals), turned(sold.gross_amount));
      for (const [at, each] of back.lines.entries()) {
        assert.equal(toMinor(each.tax_amount, input.decimals), turned(sold.lines[at]!.tax_amount));
      }
    }),
  );
});

test('the shop’s own examples', () => {
  const bike = { quantity: '2', unit_price: '379.99', tax_fraction: '0.0825' };
  const onTop = receiptAmounts({ lines: [bike], decimals: 2, price_includes_tax: false });
  assert.equal(onTop.tax_amount, '62.70');
  assert.equal(onTop.gross_amount, '822.68');

  const contained = receiptAmounts({
    lines: [{ quantity: '1', unit_price: '119.00', tax_fraction: '0.19' }],
    decimals: 2,
    price_includes_tax: true,
  });
  assert.equal(contained.net_amount, '100.00');

  const shared = receiptAmounts({
    lines: [1, 2, 3].map(() => ({ quantity: '1', unit_price: '10', tax_fraction: '0' })),
    decimals: 2,
    price_includes_tax: false,
    sale_discount: { amount: '1' },
  });
  const discounts = shared.lines.map((each) => each.discount_amount);
  assert.deepEqual(discounts, ['0.34', '0.33', '0.33']);
});
