import type { ModuleName, Permission, Table } from '#generated/catalogue';
import type { Condition } from './database/reading/list.ts';

/** What a module says of itself in its `module.ts`. */
export interface Module {
  /** Also the name of its folder and of its schema. */
  name: string;
  label: string;
  /** A module from elsewhere says what surface it was written for; our own move with the kernel. */
  surface?: string;
  /** The modules that it uses; it may use no other. */
  depends: ModuleName[];
  /** Permission → the sentence that says what it allows. */
  permissions: Record<string, string>;
  /** Role → the permissions that it gets from this module. */
  roles: Record<string, Permission[]>;
  /** Code of a refusal → English sentence with `{param}` in it. */
  refusals?: Record<string, string>;
  /** Code of what is odd but happened, as `kernel_logic.flag` writes it → what it is called. */
  findings?: Record<string, string>;
  /** Tables that get made operations (create, change, archive), with the permission they ask. */
  made?: Record<string, Permission>;
  /** SQL functions that the kernel asks of a business, which it knows nothing of. */
  hooks?: Partial<Record<Hook, string>>;
  menu: MenuEntry[];
  /** Areas of the menu that it opens, by name: entries of any module stand in them. */
  areas?: Record<string, Area>;
  /** Role → the page, as in a menu, that its people begin on: `dashboard`, `till`, `events/my_day`. */
  home?: Record<string, string>;
  /** What of it stands on the page of settings beside lists that the menu names. */
  settings?: Setting[];
  /** How made lists and records of its tables and views begin; without it by the kinds of their columns. */
  lists?: Record<string, List>;
  /** Figures of a table's records, its own or another module's: totals of lists that they lead to. */
  facts?: Partial<Record<Table, Fact[]>>;
  /** Pages of its own by name: `overdue` is overdue.page.tsx, at /x_loans/overdue. */
  pages?: Record<string, Page>;
  /** What is printed, by the name of its table: `receipt` is set by receipt.template.typ. */
  documents?: Record<string, Document>;
}

export interface Document {
  label: string;
  /**
   * The SQL function `(id uuid, language text) returns jsonb` that answers what stands on it. It runs
   * as who asks, so that row-level security decides; what it answers null for is not found.
   */
  reads: string;
  /** The column of the table by which a person names one. */
  number: string;
  /** What an e-mail with it says. */
  mail?: Mail;
}

/** `{name}` stands for what the document’s data holds, such as `{number}` and `{company}`. */
export interface Mail {
  subject: string;
  text: string;
}

export interface List {
  /** What the list is called where no menu does; the table's own label names one of its rows. */
  label?: string;
  /** The columns that are shown first, between commas. */
  columns?: string;
  /** `-happened_at` has the newest first. */
  sort?: string;
  /** Whether its records are what people look for by name, number or bar code from any page. */
  lookUp?: boolean;
  /** The fields of a record in groups: a heading and its columns, between commas. */
  sections?: Record<string, string>;
}

/** A figure of a record: the total of a list. */
export interface Fact {
  label: string;
  list: Table;
  /** Its rows; a value `:user_id` is the record's own. */
  filter: Condition[];
  /** What it leads to is grouped by this. */
  by: string;
  /** `count`, or as groups are totalled: `sum:on_hand`, `max:business_on`. */
  total: string;
  /** Whether each group's is told, too, such as each store's. */
  apart?: boolean;
  /** Values that the record's columns must have for it to be told. */
  when?: Record<string, string | boolean>;
  /** Asked in each store beside what the list itself asks, where its rows have stores. */
  permission?: Permission;
}

export interface Page {
  label: string;
  /** Opened only by who has this permission. */
  permission?: Permission;
  /** Whether its data is read anew each time that it is opened; it is where nothing is said. */
  fresh?: boolean;
}

/**
 * set_up(jsonb): makes the business from nothing. is_set_up(): {done, company}. around(token): what
 * every page's frame shows. books(): the currency that amounts are kept in.
 */
export type Hook = 'set_up' | 'is_set_up' | 'around' | 'books';

export interface MenuEntry {
  label: string;
  icon: string;
  /** A page of the web app, or … */
  page?: string;
  /** … a made list, `schema.table`. */
  list?: Table;
  /** Shown only to who has this permission; a list only to who may read its table. */
  permission?: Permission;
  /** The area of the menu that it stands in; without it in one of the module's own. */
  area?: string;
  /** `g` and then this letter leads to it from every page. */
  letter?: string;
}

/** A part of the menu: what people of one trade need together. */
export interface Area {
  label: string;
  icon: string;
  /** From 0, on top, to 1000; an area that no module opens stands at 500. */
  place: number;
}

/** A list or page on the page of settings, under one of its headings. */
export interface Setting {
  group: 'business' | 'people' | 'data' | 'installation';
  icon: string;
  /** A list, with the label and help of its table, or … */
  list?: Table;
  /** … a page, as in a menu, with what it is called and a sentence on it. */
  page?: string;
  label?: string;
  help?: string;
  permission?: Permission;
}

export const module = (said: Module): Module => said;
