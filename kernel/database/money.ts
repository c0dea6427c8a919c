/**
 * Exact amounts as whole minor units (cents) in a bigint. Texts are decimal strings as the
 * database writes them; rounding is half away from zero, as its `round(numeric)` does.
 */
export type Minor = bigint;

/** `'379.99', 2` → 37999n; more places than the currency has are rounded. */
export function toMinor(text: string, decimals: number): Minor {
  return multiplied(decimals, text);
}

/** 37999n, 2 → `'379.99'`. */
export function fromMinor(minor: Minor, decimals: number): string {
  const digits = (minor < 0n ? -minor : minor).toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const text = decimals ? `${whole}.${digits.slice(-decimals)}` : whole;
  return minor < 0n ? `-${text}` : text;
}

/** The exact sum of decimal strings, with no more places than it needs: `'1', '0.118'` → `'1.118'`. */
export function plus(a: string, b: string): string {
  const [one, other] = [parse(a), parse(b)];
  const scale = Math.max(one.scale, other.scale);
  const at = ({ digits, scale: own }: typeof one) => digits * 10n ** BigInt(scale - own);
  const text = fromMinor(at(one) + at(other), scale);
  return scale > 0 ? text.replace(/\.?0+$/, '') : text;
}

/** The exact difference of decimal strings: `'0.3', '0.1'` → `'0.2'`. */
export const minus = (a: string, b: string): string =>
  plus(a, b.startsWith('-') ? b.slice(1) : `-${b}`);

/** The product of decimal strings, computed exactly and rounded once. */
export function multiplied(decimals: number, ...factors: string[]): Minor {
  let digits = 1n;
  let scale = 0;
  for (const factor of factors) {
    const parsed = parse(factor);
    digits *= parsed.digits;
    scale += parsed.scale;
  }
  const up = decimals - scale;
  return up >= 0 ? digits * 10n ** BigInt(up) : divided(digits, 10n ** BigInt(-up));
}

/** Part of an amount, such as a discount or a tax. */
export function part(amount: Minor, fraction: string): Minor {
  const { digits, scale } = parse(fraction);
  return divided(amount * digits, 10n ** BigInt(scale));
}

/** What an amount was before a fraction came on top: amount / (1 + fraction). */
export function without(amount: Minor, fraction: string): Minor {
  const { digits, scale } = parse(fraction);
  const one = 10n ** BigInt(scale);
  return divided(amount * one, one + digits);
}

/** Quotient rounded half away from zero. */
export function divided(dividend: bigint, divisor: bigint): bigint {
  const negative = dividend < 0n !== divisor < 0n;
  const over = dividend < 0n ? -dividend : dividend;
  const by = divisor < 0n ? -divisor : divisor;
  const rounded = (2n * over + by) / (2n * by);
  return negative ? -rounded : rounded;
}

/**
 * Splits a total by weights without losing a minor unit: what rounding down leaves goes to the
 * largest remainders, the first of equal ones before the others.
 */
export function allocate(total: Minor, weights: Minor[]): Minor[] {
  const sum = weights.reduce((all, weight) => all + weight, 0n);
  if (sum === 0n) return weights.map(() => 0n);
  const shares = weights.map((weight) => (total * weight) / sum);
  let left = total - shares.reduce((all, share) => all + share, 0n);
  const unit = left < 0n ? -1n : 1n;
  // In units of 1/sum, turned so that the largest is always the one next in line.
  const turned = unit * (sum < 0n ? -1n : 1n);
  const rest = weights.map((weight, at) => (total * weight - shares[at]! * sum) * turned);
  const order = rest.map((_, at) => at).sort((a, b) => compare(rest[b]!, rest[a]!) || a - b);
  for (const at of order) {
    if (left === 0n) break;
    shares[at]! += unit;
    left -= unit;
  }
  return shares;
}

const compare = (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0);

function parse(text: string): { digits: bigint; scale: number } {
  const found = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!found) throw new RangeError(`'${text}' is not a decimal number.`);
  const fraction = found[3] ?? '';
  const digits = BigInt(found[2]! + fraction);
  return { digits: found[1] ? -digits : digits, scale: fraction.length };
}
