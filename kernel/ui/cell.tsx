import { IconCheck } from '@tabler/icons-react';
import { day, decimal, moment, money, percent } from './format.ts';
import { t } from './i18n.ts';
import type { Choice, Column, ColumnType, Row } from './types.ts';

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
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

/** The value of a column as text, in the person's way of writing. */
export function shown(column: Column, row: Row, decimals: number): string {
  const value = row[column.name];
  const label = row[`${column.name}_label`];
  if (label !== undefined && label !== null) return String(label);
  if (value === null || value === undefined || value === '') return '';
  if (column.type === 'money') return money(value, decimals);
  // Numbers such as a model year are names more than amounts: no grouping.
  if (column.type === 'number') return String(value).replace('-', '\u2212');
  if (column.type === 'quantity') return decimal(value);
  if (column.type === 'fraction') return percent(value);
  if (column.type === 'date') return day(value);
  if (column.type === 'timestamp') return moment(value);
  if (column.type === 'boolean') return value ? t('Yes') : t('No');
  if (column.type === 'choice') return choiceText(column, String(value));
  if (column.type === 'json') return JSON.stringify(value);
  return String(value);
}

function choiceText(column: Column, value: string): string {
  const found = column.choices?.find((choice) => choiceValue(choice) === value);
  return found ? choiceLabel(found) : words(value);
}

export function Cell({ column, row, decimals }: { column: Column; row: Row; decimals: number }) {
  const value = row[column.name];
  if (column.type === 'boolean') {
    return value ? (
      <IconCheck size={15} aria-label={t('Yes')} />
    ) : (
      <span className="k-hidden">{t('No')}</span>
    );
  }
  const text = shown(column, row, decimals);
  if (column.type === 'choice' && text) {
    return <span className={`k-tag k-tag-${toneOf(String(value))}`}>{text}</span>;
  }
  return text;
}

function toneOf(value: string): string {
  if (['done', 'completed', 'posted', 'open', 'active', 'confirmed'].includes(value)) return 'good';
  if (['rejected', 'cancelled', 'failed', 'voided', 'reversed'].includes(value)) return 'bad';
  if (['pending', 'processing', 'draft', 'quotation', 'warning'].includes(value)) return 'warn';
  return 'plain';
}
