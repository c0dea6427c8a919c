import { createHash } from 'node:crypto';
import { parse } from 'libpg-query';

export type Kind = 'function' | 'view' | 'trigger' | 'right';

/** One statement of a logic.sql: what it makes, by name, and the hash of its text. */
export interface LogicStatement {
  kind: Kind;
  name: string;
  text: string;
  hash: Buffer;
}

/** Splits a logic.sql with PostgreSQL's own parser. Error: the line that does not parse. */
export async function statements(sql: string): Promise<LogicStatement[]> {
  const bytes = Buffer.from(sql);
  const { stmts = [] } = (await parse(sql)) as { stmts?: RawStatement[] };
  return stmts.map(({ stmt, stmt_location = 0, stmt_len }) => {
    const text = bytes.subarray(stmt_location, stmt_len && stmt_location + stmt_len).toString();
    return { ...identify(stmt), text, hash: sha256(text.trim()) };
  });
}

export const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

interface RawStatement {
  stmt: Record<string, Node>;
  stmt_location?: number;
  stmt_len?: number;
}
// biome-ignore lint/suspicious/noExplicitAny: the parser's tree has a shape for each statement.
type Node = any;

function identify(stmt: Record<string, Node>): { kind: Kind; name: string } {
  const [type, node] = Object.entries(stmt)[0] as [string, Node];
  if (type === 'CreateFunctionStmt') return { kind: 'function', name: signature(node) };
  if (type === 'ViewStmt') return { kind: 'view', name: relation(node.view) };
  if (type === 'CreateTrigStmt') {
    return { kind: 'trigger', name: `${node.trigname} on ${relation(node.relation)}` };
  }
  return { kind: 'right', name: type };
}

const relation = (r: Node): string => (r.schemaname ? `${r.schemaname}.${r.relname}` : r.relname);

/** `schema.name(type, type)`: what tells overloaded functions apart, without output arguments. */
function signature(node: Node): string {
  const name = node.funcname.map((n: Node) => n.String.sval).join('.');
  const given = (node.parameters ?? [])
    .map((p: Node) => p.FunctionParameter)
    .filter((p: Node) => !['FUNC_PARAM_OUT', 'FUNC_PARAM_TABLE'].includes(p.mode))
    .map((p: Node) => typeName(p.argType));
  return `${name}(${given.join(', ')})`;
}

function typeName(type: Node): string {
  const name = type.names.map((n: Node) => n.String.sval).join('.');
  return name + (type.arrayBounds ? '[]' : '');
}
