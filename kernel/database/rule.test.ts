import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ruleOf } from './rule.ts';

const said = (expression: string): string => {
  const { why, params } = ruleOf('the_rule', expression);
  return why.replace(/\{(\w+)\}/g, (_, name: string) => String(params[name]));
};

test('a rule is said in words, from its expression as PostgreSQL writes it', () => {
  const words = {
    "(name <> ''::text)": 'it must not be empty',
    '((unit_price)::numeric >= (0)::numeric)': 'it must be at least 0',
    '("position" > 0)': 'it must be more than 0',
    '((amount)::numeric <> (0)::numeric)': 'it must not be 0',
    '((month >= 1) AND (month <= 12))': 'it must be from 1 to 12',
    "(kind = ANY (ARRAY['in'::text, 'out'::text]))": 'choose one of: in, out',
    '(length(code) <= 40)': 'use at most 40 characters',
    '((length(btrim(key)) >= 1) AND (length(btrim(key)) <= 200))': 'use 1 to 200 characters',
    '((cardinality(choices) >= 1) AND (cardinality(choices) <= 9))': 'give 1 to 9 of them',
  };
  for (const [expression, text] of Object.entries(words)) assert.equal(said(expression), text);
});

test('of what isn’t usual nothing is made up', () => {
  for (const odd of [
    '((first >= 1) OR (second <= 2))',
    '(lower(email) = email)',
    "(lower(email) <> ''::text)",
    "(code ~ '^[A-Z]$'::text)",
    '(starts_on <= ends_on)',
    '((least >= 1) AND (most <= 12))',
    '((length(a) >= 1) AND (length(b) <= 12))',
  ]) {
    assert.equal(said(odd), 'it breaks the rule the_rule', odd);
  }
  assert.equal(ruleOf('the_rule', '(a <> b)', 'they differ').why, 'they differ');
});
