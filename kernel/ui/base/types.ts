/** The shapes in which the server answers; amounts and quantities are strings. */
export type Me = {
  csrf: string;
  /** What is read from now on is at least as new. */
  as_of: string;
  /** When one has to sign in again, however busy one is. */
  session_ends_at?: string;
  user: { id: string; username: string; name: string; must_change_password: boolean };
  preferences: {
    language?: string | null;
    theme?: 'light' | 'dark' | 'auto' | null;
    density?: 'compact' | 'comfortable' | null;
    is_toured?: boolean;
    /** By table; null stands as at first. */
    lists?: Record<string, ListLayout | null>;
    /** Addresses of the pages that stand on top of the menu. */
    pinned?: string[];
  };
  roles: { role: string; store_id: string | null }[];
  permissions: Record<string, string[]>;
  company: { id: string; name: string; country: string; currency: string; decimals: number };
  stores: { id: string; name: string; time_zone: string }[];
  /** In the order of their areas. */
  menu: MenuEntry[];
  areas: { name: string; label: string; icon: string }[];
  /** The page that one begins on, as in the menu. */
  home: string;
  now: string;
};

/** How somebody wants the list of a table: its columns in their order, their widths in px. */
export type ListLayout = {
  columns?: string[];
  widths?: Record<string, number>;
  density?: 'compact' | 'comfortable';
};

export type MenuEntry = {
  module: string;
  area: string;
  /** `g` and then this leads there. */
  letter?: string;
  module_label?: string;
  label: string;
  icon?: string;
  page?: string;
  list?: string;
};

export type ColumnType =
  | 'text'
  | 'number'
  | 'money'
  | 'quantity'
  | 'fraction'
  | 'boolean'
  | 'date'
  | 'timestamp'
  | 'uuid'
  | 'json'
  | 'choice'
  // What only machines read.
  | 'bytea'
  | 'xid8';

export type Choice = string | { value: string; label: string };

export type Column = {
  name: string;
  label: string;
  help?: string | null;
  type: ColumnType;
  required: boolean;
  writable: boolean;
  choices?: Choice[] | null;
  refers_to?: string | null;
  sortable: boolean;
  searchable: boolean;
  hidden: boolean;
  unit?: string | null;
  default?: unknown;
  has_default?: boolean;
};

export type Table = {
  name: string;
  module: string;
  table: string;
  label: string;
  help?: string | null;
  title: string;
  default_sort?: string | null;
  /** How its list begins, as its module says. */
  start?: {
    /** What the list is called where no menu does. */
    label?: string;
    columns?: string;
    sort?: string;
    lookUp?: boolean;
    /** How the fields of a record are grouped: the columns of each, between commas. */
    sections?: { label: string; columns: string }[];
  };
  /** Whether an administrator may add fields to it. */
  takes_fields?: boolean;
  /** Whether changes of it are told of, live and to webhooks. */
  told?: boolean;
  /** How many figures its records tell at most. */
  figures?: number;
  may: { create: boolean; change: boolean; archive: boolean };
  /** The page that makes a row, where a module brings one: stock_count_new for stock_count. */
  new_at?: string;
  /** Columns whose texts are kept in several languages. */
  translated?: string[];
  columns: Column[];
};

export type ReportParameter = {
  name: string;
  label?: string;
  type?: string;
  optional?: boolean;
  refers_to?: string | null;
  default?: unknown;
  choices?: Choice[] | null;
};

type ReportEntry = {
  /** The page that shows it, of a report that isn't opened by itself. */
  page?: string;
  name: string;
  title: string;
  parameters: ReportParameter[];
  chart?: unknown;
};

export type Permission = { name: string; allows: string; module: string; module_label: string };

export type Catalogue = {
  tables: Table[];
  operations: {
    name: string;
    label: string;
    permission: string;
    /** How a record's page offers it. */
    actions?: {
      label: string;
      when?: Record<string, string | boolean>;
      question?: string;
      main?: boolean;
      input?: Row;
    }[];
  }[];
  reports: ReportEntry[];
  /** Pages that modules bring, `module/page`, which the person may open. */
  pages: { name: string; label: string; fresh: boolean }[];
  /** What stands on the page of settings, by the heading it stands under. */
  settings: {
    group: 'business' | 'people' | 'data' | 'installation';
    icon: string;
    href: string;
    list?: string;
    label?: string;
    help?: string;
  }[];
  /** What is printed of a table’s records, and the languages that it is printed in. */
  documents: { name: string; label: string; languages: string[] }[];
  /** Roles that a user can be given; empty for who may give none. */
  roles?: string[];
  /** What the shop calls the roles that it made itself. */
  own_roles?: Record<string, string>;
  /** What roles may permit, in words, module after module; empty for who sets up neither roles nor fields. */
  permissions?: Permission[];
  /** English words of states, kinds and jobs → those of the language that was asked for. */
  words?: Record<string, string>;
};

export type Row = Record<string, unknown>;
export type Page = {
  rows: Row[];
  next: string | null;
  count?: { value: number; more: boolean } | null;
  /** Of groups: the totals of all rows, and with two groups those of each first one. */
  total?: Row;
  subtotals?: Row[];
};
export type Filter = [column: string, operator: string, value?: unknown];

/** A figure of a record: the total of a list, as `sum:on_hand` of its rows or their count. */
export type Figure = {
  label: string;
  list: string;
  filter: Filter[];
  by: string;
  total: string;
  value: string | null;
  parts: { key: string | null; label: string; value: string | null }[];
};

export type Report = {
  title: string;
  columns: { name: string; label: string; type: ColumnType }[];
  rows: Row[];
  chart?: unknown;
  /** The list whose sums a row shows; a value of the filter may stand in a column of the row. */
  list?: {
    table: string;
    group?: string;
    totals: string[];
    filter: [path: string, operator: string, value: string | null | { column: string }][];
  };
  last_sale_on?: string | null;
};

/** A list as somebody keeps it. */
export type ViewSpec = {
  filter?: Filter[];
  q?: string;
  sort?: [string, 'asc' | 'desc'][];
  group?: string[];
  totals?: string[];
  columns?: string[];
};

export type FieldError = { field: string; code?: string; message: string };
