import { parseSync } from 'vite';
import { type SourceFile, sources } from './files.ts';
import { type Node, walk } from './syntax.ts';

const SCREENS = [
  'kernel/ui/**/*.{ts,tsx}',
  'kernel/*/*.tsx',
  'apps/web/src/**/*.{ts,tsx}',
  'modules/**/*.tsx',
  'modules/*/{till,dashboard}/*.ts',
];

/** Attributes and fields whose text people see or hear. */
const READ = new Set(
  (
    'label title placeholder alt description help text question note legend summary caption message ' +
    'aria-label aria-description aria-placeholder aria-roledescription aria-valuetext ' +
    'nothingFoundMessage'
  ).split(' '),
);

export interface Found {
  /** English texts that go through `t()` → the modules whose screens say them; '' for the rest. */
  texts: Map<string, Set<string>>;
  /** Texts that people read and that don't, as `file:line: text`. */
  unmarked: string[];
}

/** What the screens say, and what of it can't be translated. */
export function screenTexts(files: SourceFile[] = SCREENS.flatMap(sources)): Found {
  const found: Found = { texts: new Map(), unmarked: [] };
  for (const file of files) if (!file.path.endsWith('.test.ts')) readFile(file, found);
  return found;
}

function readFile(file: SourceFile, { texts, unmarked }: Found): void {
  const { program, errors } = parseSync(file.path, file.text);
  const owner = /^modules\/(\w+)\//.exec(file.path)?.[1] ?? '';
  if (errors.length > 0) throw new Error(`${file.path}: ${errors[0]?.message}`);
  const complain = (node: Node, text: string) => {
    const line = file.text.slice(0, node.start).split('\n').length;
    unmarked.push(`${file.path}:${line}: ${text.trim()}`);
  };
  const demand = (node: Node) => {
    for (const said of literalsOf(node)) {
      if (isForPeople(said.text)) complain(said.node, said.text);
    }
  };
  walk(program, (node) => {
    switch (node.type) {
      case 'JSXElement':
        // What stands on a key of the keyboard is the same everywhere.
        if (nameOf(node.openingElement.name) === 'kbd') return;
        for (const child of node.children) {
          if (child.type === 'JSXText' && hasWord(child.value)) complain(child, child.value);
          if (child.type === 'JSXExpressionContainer') demand(child.expression);
        }
        return;
      case 'JSXAttribute':
        if (!READ.has(nameOf(node.name))) return;
        return demand(node.value?.type === 'Literal' ? node.value : node.value?.expression);
      case 'Property':
        if (READ.has(nameOf(node.key))) demand(node.value);
        return;
      case 'CallExpression':
        if (node.callee.name === 't')
          for (const { text } of literalsOf(node.arguments[0])) {
            texts.set(text, (texts.get(text) ?? new Set()).add(owner));
          }
    }
  });
}

/** The literals that an expression can come to; a template with values has no text. */
function literalsOf(node: Node): { node: Node; text: string }[] {
  switch (node?.type) {
    case 'Literal':
      return typeof node.value === 'string' ? [{ node, text: node.value }] : [];
    case 'TemplateLiteral':
      return node.quasis.map((q: Node) => ({ node, text: q.value.cooked as string }));
    case 'ConditionalExpression':
      return [...literalsOf(node.consequent), ...literalsOf(node.alternate)];
    case 'LogicalExpression':
      return [...literalsOf(node.left), ...literalsOf(node.right)];
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
      return literalsOf(node.expression);
    default:
      return [];
  }
}

const hasWord = (text: string) => /\p{L}{2}/u.test(text);

// A name of ours, such as aria-label="x" of a code, is lower case without a space.
const isForPeople = (text: string) =>
  hasWord(text) && (/\s\S/.test(text.trim()) || /^\p{Lu}/u.test(text.trim()));

const nameOf = (node: Node): string =>
  node.type === 'JSXNamespacedName'
    ? `${node.namespace.name}:${node.name.name}`
    : String(node.name ?? node.value ?? '');
