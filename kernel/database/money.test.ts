import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  allocate,
  divided,
  fromMinor,
  minus,
  multiplied,
  part,
  plus,
  toMinor,
  without,
} from './money.ts';

const minor = fc.bigInt({ min: -(10n ** 13n), max: 10n ** 13n });

test('an amount reads as it was written, in every currency', () => {
  fc.assert(
    fc.property(minor, fc.constantFrom(0, 2, 3), (amount, decimals) => {
      assert.equal(toMinor(fromMinor(amount, decimals), decimals), amount);
    }),
  );
  assert.equal(fromMinor(-5n, 2), '-0.05');
  assert.equal(fromMinor(1234n, 0), '1234');
});

test('rounds half away from zero, on both sides of zero', () => {
  assert.equal(toMinor('0.125', 2), 13n);
  assert.equal(toMinor('-0.125', 2), -13n);
  assert.equal(divided(1n, 2n), 1n);
  assert.equal(divided(-1n, 2n), -1n);
  fc.assert(
    fc.property(minor, fc.bigInt({ min: 1n, max: 10n ** 9n }), (over, by) => {
      const wrong = 2n * (divided(over, by) * by - over);
      assert.ok(wrong <= by && wrong >= -by);
      assert.equal(divided(-over, by), -divided(over, by));
    }),
  );
});

test('a product is computed exactly and rounded once', () => {
  assert.equal(multiplied(2, '3', '379.99'), 113997n);
  assert.equal(multiplied(2, '0.333', '0.015'), 0n);
  assert.equal(multiplied(2, '2.5', '0.33'), 83n);
  assert.equal(multiplied(0, '1.5', '1'), 2n);
});

test('a tax that is contained comes off as it was put on', () => {
  assert.equal(without(11900n, '0.19'), 10000n);
  assert.equal(part(10000n, '0.0825'), 825n);
  const rate = fc.integer({ min: 0, max: 50_000 }).map((n) => fromMinor(BigInt(n), 5));
  fc.assert(
    fc.property(minor, rate, (amount, fraction) => {
      const difference = without(amount + part(amount, fraction), fraction) - amount;
      assert.ok(difference <= 1n && difference >= -1n);
    }),
  );
});

test('allocating loses nothing and gives nobody more than a unit too much', () => {
  const weight = fc.bigInt({ min: 0n, max: 10n ** 9n });
  const weights = fc.array(weight, { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(minor, weights, fc.boolean(), (total, some, turn) => {
      const all = turn ? some.map((one) => -one) : some;
      const sum = all.reduce((a, b) => a + b, 0n);
      const shares = allocate(total, all);
      if (sum === 0n) return assert.ok(shares.every((share) => share === 0n));
      assert.equal(
        shares.reduce((a, b) => a + b, 0n),
        total,
      );
      for (const [at, share] of shares.entries()) {
        const off = share * sum - total * all[at]!;
        const size = sum < 0n ? -sum : sum;
        assert.ok(off < size && off > -size);
      }
    }),
  );
  assert.deepEqual(allocate(100n, [1n, 1n, 1n]), [34n, 33n, 33n]);
  assert.deepEqual(allocate(-100n, [1n, 1n, 1n]), [-34n, -33n, -33n]);
});

test('quantities are added and taken away exactly, with no more places than they need', () => {
  assert.equal(plus('1', '0.118'), '1.118');
  assert.equal(plus('0.1', '0.2'), '0.3');
  assert.equal(plus('1.50', '0.5'), '2');
  assert.equal(minus('0.3', '0.1'), '0.2');
  assert.equal(minus('100', '100.0000'), '0');
  assert.equal(minus('1', '-1.5'), '2.5');
  const digits = fc.integer({ min: 0, max: 6 });
  fc.assert(
    fc.property(minor, minor, digits, digits, (a, b, of, other) => {
      const [one, two] = [fromMinor(a, of), fromMinor(b, other)];
      const sum = plus(one, two);
      assert.equal(toMinor(sum, 6), toMinor(one, 6) + toMinor(two, 6));
      assert.equal(plus(minus(sum, two), '0'), plus(one, '0'));
      assert.doesNotMatch(sum, /\.\d*0$|^-0$/);
    }),
  );
});
