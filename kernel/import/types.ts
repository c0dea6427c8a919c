/** A value as a file gives it; null is no value. */
export type Cell = string | null;

/** What is wrong, where a person finds it: row as counted in the file, its heads being row 1. */
export interface ImportProblem {
  row: number | null;
  column: string | null;
  value: Cell;
  code: string;
  message: string;
}

export type FieldType = 'text' | 'number' | 'integer' | 'date' | 'timestamp' | 'boolean' | 'json';

/** What a row of another table is called by, tried in this order after its key at the source. */
export interface Reference {
  table: string;
  by: string[];
  /** A column of both rows that decides between several of one name, such as the store. */
  within?: string;
}

export interface Field {
  /** A column of the table; or only the engine's, where `virtual` is set. */
  name: string;
  label: string;
  type: FieldType;
  synonyms?: string[];
  refers?: Reference;
  /** What stands in files → what is stored, both in lower case letters. */
  choices?: Record<string, string>;
  required?: boolean;
  /** What its texts are written like. */
  format?: 'email' | 'phone';
  /** Found by its own name or label alone, never by what is like it. */
  exact?: boolean;
  virtual?: boolean;
  /** Two columns may say it, as a number and as a name; they must agree. */
  several?: boolean;
}

/** Runs a statement on the import's own connection. */
export type Query = <R>(text: string, values?: unknown[]) => Promise<R[]>;

/** Rows of one file on their way into one table; every array has one place for each row. */
export interface Staged {
  file: string;
  table: string;
  lines: number[];
  values: Map<string, Cell[]>;
  ids: string[];
  keys: string[];
  hashes: string[];
  states: ('created' | 'updated' | 'unchanged' | 'bad')[];
  /** Says a problem of a row, which then isn't written. */
  say(index: number, field: string, code: string, params?: Record<string, string>): void;
}

/** What the engine must know of a table to bring files into it. */
export interface Target {
  table: string;
  label: string;
  /** Words for what a row is, singular: they stand in file names and before column names. */
  words: string[];
  fields: Field[];
  /** Ways to name a row at its source; the first whose fields the file has. None: its place. */
  keys: string[][];
  /** Unique columns by which a row that stands here already is found. */
  match: string[][];
  /** A field that takes the row's place where the file has no column for it. */
  place?: string;
  /** Gives rows that are new what the file doesn't say; sets further columns of `values`. */
  complete?(staged: Staged, created: number[], query: Query): Promise<void>;
  /** Writes what doesn't lie in the table itself, such as a party's phone. */
  after?(staged: Staged, written: number[], query: Query): Promise<void>;
  /** Writes instead of the engine; may change `states`. */
  write?(staged: Staged, query: Query): Promise<void>;
}

export interface ColumnMapping {
  column: string;
  field: string | null;
  reason: string;
}

export interface FileReport {
  file: string;
  table: string | null;
  rows: number;
  created: number;
  updated: number;
  unchanged: number;
  mapping: ColumnMapping[];
  problems: ImportProblem[];
  /** How many there are; at most 1,000 are listed. */
  problem_count: number;
  sample: Record<string, Cell>[];
  /** What undoing the import would do with new rows of it: taken away, posted the other way, nothing. */
  undo: 'removed' | 'reversed' | 'never' | null;
}
