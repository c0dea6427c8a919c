import type { ClientBase, QueryResultRow } from 'pg';

/** A statement with its parameters apart: text is never pasted into SQL. */
export interface Sql {
  many<R extends QueryResultRow>(text: TemplateStringsArray, ...values: unknown[]): Promise<R[]>;
  /** The one row that must be there; else an error of the program. */
  one<R extends QueryResultRow>(text: TemplateStringsArray, ...values: unknown[]): Promise<R>;
  /** Text made from the catalogue's own names; never from a caller's. */
  raw<R extends QueryResultRow>(text: string, values: unknown[]): Promise<{ rows: R[] }>;
  maybe<R extends QueryResultRow>(
    text: TemplateStringsArray,
    ...values: unknown[]
  ): Promise<R | undefined>;
}

export function sqlOn(client: Pick<ClientBase, 'query'>): Sql {
  const many = async <R extends QueryResultRow>(text: TemplateStringsArray, ...values: unknown[]) =>
    (await client.query<R>(joined(text), values)).rows;
  return {
    many,
    raw: (text, values) => client.query(text, values),
    async one<R extends QueryResultRow>(text: TemplateStringsArray, ...values: unknown[]) {
      const [row] = await many<R>(text, ...values);
      if (!row) throw new Error(`No row where one must be: ${text.join('?').slice(0, 80)}`);
      return row;
    },
    async maybe<R extends QueryResultRow>(text: TemplateStringsArray, ...values: unknown[]) {
      return (await many<R>(text, ...values))[0];
    },
  };
}

function joined(text: TemplateStringsArray): string {
  return text.reduce((all, part, i) => `${all}$${i}${part}`);
}
