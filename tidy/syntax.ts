// biome-ignore lint/suspicious/noExplicitAny: nodes of a syntax tree (ESTree), told apart by their type.
export type Node = any;

/** Visits a node and all below it, in the order of the source. */
export function walk(node: Node, visit: (node: Node) => void): void {
  if (Array.isArray(node)) for (const one of node) walk(one, visit);
  else if (node && typeof node.type === 'string') {
    visit(node);
    for (const part of Object.values(node)) {
      if (part && typeof part === 'object') walk(part, visit);
    }
  }
}
