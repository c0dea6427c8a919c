import { type Command, Option } from 'commander';
import { modules } from '../../../kernel/modules.ts';
import { type AnyOperation, z } from '../../../kernel/operation.ts';
import { problem } from '../../../kernel/problem.ts';
import { atDesk } from '../desk/desk.ts';
import { WrongCall } from '../output/fail.ts';
import { readObject } from '../output/input.ts';
import { printJson } from '../output/print.ts';

/** Makes a command of every operation of a module: kontor <module> <document> <verb>. */
export async function addOperations(program: Command, name: string): Promise<void> {
  const found = (await modules()).find((m) => m.name === name);
  const group = program
    .command(name)
    .description(`${found?.label ?? name}: ${found?.operations.length ?? 0} operations`);
  const documents = new Map<string, Command>();
  for (const op of found?.operations ?? []) {
    const [, document = '', verb = ''] = op.name.split('.');
    if (!documents.has(document)) documents.set(document, withAlias(group.command(document)));
    addOperation(documents.get(document)!, verb, op);
  }
}

function withAlias(command: Command): Command {
  const other = command.name().replaceAll('_', '-');
  return other === command.name() ? command : command.alias(other);
}

/** What the command itself is asked; a field of that name comes by --file. */
const OWN = ['file', 'idempotency_key', 'json', 'url', 'help'];

function addOperation(document: Command, verb: string, op: AnyOperation): void {
  const { fields, open } = shapeOf(op);
  const command = withAlias(document.command(verb))
    .description(op.label)
    .argument('[-]', 'the input as JSON from standard input')
    .option('--file <file>', 'the input as a JSON file; - is standard input');
  for (const field of fields) if (!OWN.includes(field.name)) command.addOption(optionOf(field));
  command
    .option('--idempotency-key <key>', 'the same when you try the same again')
    .option('--json', 'answer as JSON, which it does anyway')
    .option('--url <url>', 'a Kontor elsewhere, such as https://shop.example')
    .addHelpText('after', `${open ? COLUMNS : ''}\nExamples:\n  ${op.example}`);
  if (open) command.allowUnknownOption().allowExcessArguments();
  command.action(async (input: string | undefined, options: Record<string, string>) => {
    const given = inputOf(fields, open ? command.args : [], input, options);
    const key = options.idempotencyKey;
    if (key !== undefined && !/^[\x21-\x7e]{1,200}$/.test(key)) throw problem('key_wrong');
    await atDesk(options, async (desk) => printJson(await desk.call(op.name, given, key)));
  });
}

const COLUMNS = `
Every column of the table is an option: --first-name Mia. “kontor list” shows the columns.`;

interface Field {
  name: string;
  kind: 'text' | 'number' | 'boolean' | 'json';
  choices?: string[];
  required: boolean;
}

interface Schema {
  type?: string;
  enum?: unknown[];
  anyOf?: Schema[];
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  propertyNames?: unknown;
  additionalProperties?: unknown;
}

/** The fields of an operation's input, and whether it takes others too. */
function shapeOf(op: AnyOperation): { fields: Field[]; open: boolean } {
  const whole = z.toJSONSchema(op.input, { io: 'input', unrepresentable: 'any' }) as Schema;
  const parts = [whole, ...(whole.allOf ?? [])];
  const fields = parts.flatMap(({ properties = {}, required = [] }) =>
    Object.entries(properties).map(([name, schema]) => ({
      name,
      ...kindOf(schema),
      required: required.includes(name),
    })),
  );
  return { fields, open: parts.some((p) => p.propertyNames !== undefined) };
}

function kindOf(schema: Schema): Pick<Field, 'kind' | 'choices'> {
  const said = schema.anyOf?.find((one) => one.type !== 'null') ?? schema;
  if (said.enum) return { kind: 'text', choices: said.enum.map(String) };
  if (said.type === 'integer' || said.type === 'number') return { kind: 'number' };
  if (said.type === 'boolean') return { kind: 'boolean' };
  return { kind: said.type === 'array' || said.type === 'object' ? 'json' : 'text' };
}

function optionOf({ name, kind, choices, required }: Field): Option {
  const flag = `--${name.replaceAll('_', '-')}`;
  const value = kind === 'boolean' ? '[yes|no]' : `<${kind}>`;
  const said = [required ? 'needed' : '', choices ? choices.join(', ') : ''].filter(Boolean);
  return new Option(`${flag} ${value}`, said.join('; '));
}

function inputOf(
  fields: Field[],
  loose: string[],
  dash: string | undefined,
  options: Record<string, unknown>,
): Record<string, unknown> {
  const file = dash === '-' ? '-' : (options.file as string | undefined);
  const input = file === undefined ? {} : readObject(file);
  if (dash !== undefined && dash !== '-' && loose.length === 0) {
    throw new WrongCall(`“${dash}” is one word too many. Give fields as options, or --file.`);
  }
  for (const field of fields) {
    if (OWN.includes(field.name)) continue;
    const value = options[camel(field.name)];
    if (value !== undefined) input[field.name] = fieldValue(field, value as string | boolean);
  }
  return { ...input, ...looseColumns(loose) };
}

const camel = (name: string) => name.replaceAll(/_(\w)/g, (_, letter) => letter.toUpperCase());

// A value that isn't of its kind stays text: the operation then says what is wrong with it.
function fieldValue({ kind }: Field, value: string | boolean): unknown {
  if (typeof value === 'boolean') return value;
  if (kind === 'number')
    return value.trim() !== '' && !Number.isNaN(Number(value)) ? Number(value) : value;
  if (kind === 'boolean') return { yes: true, true: true, no: false, false: false }[value] ?? value;
  if (kind !== 'json') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** --column value, --column=value, and --column for yes: the columns of a table aren't known here. */
function looseColumns(words: string[]): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    if (word === '-') continue;
    const [, name = '', inline] = /^--([a-z][a-z0-9_-]*)(?:=(.*))?$/s.exec(word) ?? [];
    if (!name) throw new WrongCall(`“${word}” is one word too many. Write --column value.`);
    const next = words[i + 1];
    const takes = inline === undefined && next !== undefined && !next.startsWith('--');
    if (takes) i++;
    const value = inline ?? (takes ? next : 'true');
    found[name.replaceAll('-', '_')] = value === 'true' ? true : value === 'false' ? false : value;
  }
  return found;
}
