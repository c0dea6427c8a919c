import { IconCheck } from '@tabler/icons-react';
import { nameOf } from '../base/catalogue.ts';
import { day, decimal, moment, money, percent } from '../base/format.ts';
import { t, word } from '../base/i18n.ts';
import type { Choice, Column, ColumnType, Row } from '../base/types.ts';

const numeric: ColumnType[] = ['number', 'money', 'quantity', 'fraction'];
export const isNumeric = (type: ColumnType) => numeric.includes(type);

export const choiceValue = (choice: Choice) => (typeof choice === 'string' ? choice : choice.value);
export function choiceLabel(choice: Choice): string {
  const text = typeof choice === 'string' ? choice : choice.label;
  return words(text);
}

/** `store_credit` as a person reads it. */
export function words(text: string): string {
  const plain = text.replaceAll('_', ' ');
  return word(plain.charAt(0).toUpperCase() + plain.slice(1));
}

/** What a role is called: as Kontor says it, or as the shop does. */
export const roleName = (role: string): string => nameOf(role) ?? words(role);

/** The value of a column as text, in the person's way of writing. */
export function shown(column: Column, row: Row, decimals: number): string {
  const value = row[column.name];
  const label = row[`${column.name}_label`];
  if (label !== undefined && label !== null) return String(label);
  if (value === null || value === undefined || value === '') return '';
  if (Array.isArray(value)) return value.map(String).join(', ');
  if (column.refers_to) return nameOf(value) ?? t('Show');
  if (column.type === 'uuid') return nameOf(value) ?? '';
  if (column.type === 'money') return money(value, decimals);
  // Numbers such as a model year are names more than amounts: no grouping.
  if (column.type === 'number') return String(value).replace('-', '\u2212');
  if (column.type === 'quantity') return decimal(value);
  if (column.type === 'fraction') return percent(value);
  if (column.type === 'date') return day(value);
  if (column.type === 'timestamp') return moment(value);
  if (column.type === 'boolean') return value ? t('Yes') : t('No');
  if (column.type === 'choice') return choiceText(column, String(value));
  if (column.type === 'json') return pairs(value);
  if (column.name === 'role') return roleName(String(value));
  // Codes of ours, such as `kind` of a view, read as words.
  if (/^(kind|state|method|code)$/.test(column.name) && /^[a-z]+(_[a-z]+)*$/.test(String(value)))
    return words(String(value));
  return String(value);
}

// `{"on_hand": "-1", "product": "Bell"}` as On hand −1, Product Bell.
export function pairs(value: unknown): string {
  return Object.entries(value as Row)
    .filter(([, one]) => one !== null && typeof one !== 'object')
    .map(
      ([name, one]) =>
        `${words(name)} ${/^\d{4}-\d\d-\d\d$/.test(String(one)) ? day(one) : decimal(one)}`,
    )
    .join(', ');
}

function choiceText(column: Column, value: string): string {
  const found = column.choices?.find((choice) => choiceValue(choice) === value);
  return found ? choiceLabel(found) : words(value);
}

type CellProps = { column: Column; row: Row; decimals: number; yesNo?: boolean };

/** A value in a list; with `yesNo`, where it stands alone, a boolean in words. */
export function Cell({ column, row, decimals, yesNo }: CellProps) {
  const value = row[column.name];
  if (column.type === 'boolean' && !yesNo) {
    return value ? (
      <IconCheck size={15} aria-label={t('Yes')} />
    ) : (
      <span className="k-hidden">{t('No')}</span>
    );
  }
  const text = shown(column, row, decimals);
  const tone = toneOf(String(value), column);
  if (column.type === 'choice' && text && tone) {
    return <span className={`k-tag k-tag-${tone}`}>{text}</span>;
  }
  return text;
}

/** What a state means: good, bad, or waiting for somebody, as what is open until it is done. */
export function toneOf(value: string, { choices }: Pick<Column, 'choices'>): string {
  if (value === 'open' && choices?.some((one) => choiceValue(one) === 'done')) return 'warn';
  if (['done', 'completed', 'posted', 'open', 'active', 'confirmed'].includes(value)) return 'good';
  if (['rejected', 'cancelled', 'failed', 'voided', 'reversed'].includes(value)) return 'bad';
  if (['pending', 'processing', 'draft', 'quotation', 'warning'].includes(value)) return 'warn';
  return '';
}
