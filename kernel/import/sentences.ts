import { language, translated } from '../i18n/language.ts';
import type { Params } from '../problem.ts';
import type { Cell, ImportProblem } from './types.ts';

/** Problems of files, each with what to do about it. */
export const SENTENCES: Record<string, string> = {
  file_missing: 'There is no file “{file}”. Look at the name and choose it again.',
  file_is_folder: '“{file}” is a folder inside another. Choose the files in it.',
  file_unreadable: '“{file}” can’t be read: {why}.',
  file_empty: 'The file is empty. Save it again from where it came from.',
  file_too_big: 'The file has {size} MB; at most {most} MB can be brought at once. Split it.',
  heads_only: 'The file has column names but no rows under them.',
  too_many_columns: 'The file has {count} columns; at most {most} can be read. Leave some out.',
  too_many_rows: 'The file has more than {most} rows. Split it.',
  not_text: 'This isn’t a text file with values in columns. Save it as CSV.',
  workbook_old:
    'This is an old Excel file (.xls). Open it in Excel or LibreOffice and save it as .xlsx or CSV.',
  workbook_locked:
    'The Excel file is locked by a password. Open it, take the password away, and save it again.',
  workbook_broken:
    'The Excel file is damaged and can’t be read. Open it in Excel and save it again as .xlsx.',
  workbook_none: 'This isn’t an Excel file that can be read. Save it as .xlsx or CSV.',
  workbook_bomb:
    'The Excel file unpacks to {size} MB; at most {most} MB are unpacked. Save its sheets as CSV, or split it.',
  workbook_long: 'The Excel file holds more than {most} MB of text. Split it.',
  workbook_heavy:
    'Reading the Excel file took more than {memory} MB of memory or {seconds} seconds, so it was stopped. Save its sheets as CSV, or split it.',
  sheets_too_many:
    'The Excel file has {count} sheets; at most {most} are read at once. Split it, or hide those that aren’t meant.',
  cell_error: 'The cell holds the error {value} of a formula. Mend it there, or empty the cell.',
  column_twice: 'The column “{column}” stands {count} times. Give each column a name of its own.',
  column_unnamed: 'Column {count} has values but no name. Name it in the first row.',
  quote_broken: 'A quotation mark in this row has no partner. Put one at the end of the text.',
  cells_too_many:
    'This row has {count} values for {columns} columns. Put texts with a separator in quotes.',
  cells_too_few: 'This row has {count} values for {columns} columns; its end is missing.',
  not_recognised:
    'What these rows are can’t be told from these columns: {columns}. Say which table they belong to.',
  table_unknown: 'There is no table “{table}” that files can be brought into.',
  field_unknown: '“{field}” is not a field of {table}.',
  column_unknown: 'The mapping names a column “{column}” that the file doesn’t have.',
  field_twice: 'Two columns would fill {field}: {columns}. Choose one.',
  field_missing: 'No column was found for {field}, which every row of {table} needs.',
  required: '{field} must not be empty.',
  number_wrong: '“{value}” is not a number. Write it like 1234.56.',
  number_ambiguous:
    'In the column “{column}” it can’t be told whether “{value}” is a thousand or a decimal mark. Write 1234 or 1.234.',
  integer_wrong: '“{value}” is not a whole number.',
  date_wrong: '“{value}” is not a date. Write it like 2026-03-31.',
  date_ambiguous:
    'In the column “{column}” it can’t be told which part of “{value}” is the day. Write dates like 2026-03-31.',
  email_wrong: '“{value}” is no e-mail address. Write one such as ana@example.com, or nothing.',
  phone_wrong: '“{value}” is no phone number. Write one such as +1 518 555 0110, or nothing.',
  boolean_wrong: '“{value}” is neither yes nor no. Write 1 or 0.',
  choice_wrong: '“{value}” is none of: {choices}.',
  columns_disagree: 'Two columns disagree about {field}: “{value}” and “{other}”.',
  type_wrong: '“{value}” can’t stand in {field}: {type}.',
  text_nul: 'The text holds a NUL character. Take it out.',
  reference_unknown: 'There is no {table} “{value}”, neither here nor in the files.',
  reference_ambiguous: '“{value}” is the name of {count} rows ({table}). Use the number instead.',
  key_twice: '{field} “{value}” stands in row {other} too.',
  unique_taken: '{field} “{value}” belongs to another row of {table} already.',
  check_failed: '“{value}” is not allowed in {field}: {rule}.',
  column_fixed: '{field} can’t be changed any more once it is here.',
  not_permitted_rows: 'You have no right to add these rows to {table}.',
  not_permitted_row: 'You have no right to change this row.',
  quantity_below_zero: 'A count can’t be below zero: “{value}”.',
  company_missing: 'Set up the company first: stores belong to one.',
  last_step: 'The database refuses these rows: {why}',
};

/** The sentence of a code, in the language of the request that brings the files. */
export function sentence(code: string, params: Record<string, string> = {}): string {
  const text = SENTENCES[code];
  if (!text) throw new Error(`No sentence for "${code}".`);
  return worded(text, params);
}

/** A text with its values, in the language of the request. */
export function worded(text: string, params: Params): string {
  const said = language();
  return translated(text, said).replace(/\{(\w+)\}/g, (_, name) => {
    const value = String(params[name] ?? '');
    return OURS.has(name) ? translated(value, said) : value;
  });
}

// Parameters that hold a label of ours, not what a file says.
const OURS = new Set(['field', 'table']);

export function fileProblem(
  code: string,
  params: Record<string, string> = {},
  at: { row?: number; column?: string; value?: Cell } = {},
): ImportProblem {
  const message = sentence(code, { ...(at.column && { column: at.column }), ...params });
  return { row: at.row ?? null, column: at.column ?? null, value: at.value ?? null, code, message };
}
