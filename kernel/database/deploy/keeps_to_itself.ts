import { parse } from 'libpg-query';
import { problem } from '../../problem.ts';

// biome-ignore lint/suspicious/noExplicitAny: the parser's tree has a shape for each statement.
type Node = any;

/**
 * Refuses SQL of a module from elsewhere that changes another's tables or the roles. A guard against
 * mistakes, no sandbox: what a function's body does is its author's word.
 * Error: module_reaches_out.
 */
export async function keepsToItself(name: string, sql: string): Promise<void> {
  const bytes = Buffer.from(sql);
  const { stmts = [] } = (await parse(sql)) as { stmts?: Node[] };
  for (const { stmt, stmt_location = 0, stmt_len } of stmts) {
    const [kind, node] = Object.entries(stmt)[0] as [string, Node];
    if (isOwn(name, kind, node)) continue;
    const text = bytes.subarray(stmt_location, stmt_len && stmt_location + stmt_len).toString();
    const statement = text
      .trim()
      .replaceAll(/--.*\n|\s+/g, ' ')
      .trim()
      .slice(0, 80);
    throw problem('module_reaches_out', { name, statement });
  }
}

function isOwn(name: string, kind: string, node: Node): boolean {
  const own = (schema: string | undefined) => schema === name || schema === `${name}_logic`;
  const ownNames = (names: Node[]) => own(names?.[0]?.String?.sval) && names.length > 1;
  switch (kind) {
    case 'CreateStmt':
    case 'IndexStmt':
    case 'AlterTableStmt':
    case 'InsertStmt':
    case 'UpdateStmt':
      return own(node.relation?.schemaname);
    case 'ViewStmt':
      return own(node.view?.schemaname);
    case 'CreateSeqStmt':
    case 'AlterSeqStmt':
      return own(node.sequence?.schemaname);
    case 'CreateFunctionStmt':
      return ownNames(node.funcname);
    case 'CreateDomainStmt':
      return ownNames(node.domainname);
    // What it does when another's row changes stands in its own function.
    case 'CreateTrigStmt':
      return ownNames(node.funcname);
    case 'CreatePolicyStmt':
      return own(node.table?.schemaname);
    case 'CommentStmt':
      return commentsOwn(node, own);
    case 'GrantStmt':
      return (node.objects ?? []).every((o: Node) =>
        own(o.RangeVar?.schemaname ?? o.ObjectWithArgs?.objname?.[0]?.String?.sval),
      );
    case 'SelectStmt':
      return helpersOfKernel(node, own);
    default:
      return false;
  }
}

function commentsOwn(node: Node, own: (schema?: string) => boolean): boolean {
  const items = node.object?.List?.items ?? node.object?.ObjectWithArgs?.objname ?? [];
  const typed = node.object?.TypeName?.names ?? [];
  return own([...items, ...typed][0]?.String?.sval);
}

/** `select kernel_logic.bind('x_loans.loan', …)`: the kernel's helpers, for a table of its own. */
function helpersOfKernel(node: Node, own: (schema?: string) => boolean): boolean {
  return (node.targetList ?? []).every(({ ResTarget }: Node) => {
    const call = ResTarget?.val?.FuncCall;
    const [schema] = call?.funcname ?? [];
    const table: string | undefined = call?.args?.[0]?.A_Const?.sval?.sval;
    return schema?.String?.sval === 'kernel_logic' && own(table?.split('.')[0]);
  });
}
