interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  items?: Schema;
  prefixItems?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  description?: string;
  title?: string;
}

/** The TypeScript of a JSON Schema as Kontor's API uses them; anything else is `unknown`. */
export function typeOf(schema: Schema, depth = 0): string {
  if (schema.$ref) return `Rows['${schema.$ref.split('/').at(-1)}']`;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((e) => JSON.stringify(e)).join(' | ') || 'never';
  const some = schema.anyOf ?? schema.oneOf;
  if (some) return some.map((s) => grouped(typeOf(s, depth))).join(' | ');
  if (schema.allOf) return schema.allOf.map((s) => grouped(typeOf(s, depth))).join(' & ');
  if (Array.isArray(schema.type)) {
    return schema.type.map((type) => grouped(typeOf({ ...schema, type }, depth))).join(' | ');
  }
  switch (schema.type) {
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type;
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      return `${grouped(typeOf(schema.items ?? {}, depth))}[]`;
    case 'object':
      return objectType(schema, depth);
    default:
      return 'unknown';
  }
}

const grouped = (type: string): string => (/[|&]/.test(type) ? `(${type})` : type);

function objectType(schema: Schema, depth: number): string {
  const { properties = {}, required = [] } = schema;
  const names = Object.keys(properties);
  if (names.length === 0) return 'Record<string, unknown>';
  const pad = '  '.repeat(depth + 1);
  const lines = names.map((name) => {
    const said = properties[name] ?? {};
    const help = [said.title, said.description].filter(Boolean).join(': ');
    const comment = help ? `${pad}/** ${help.replaceAll('*/', '* /')} */\n` : '';
    const key = /^[a-z_]\w*$/i.test(name) ? name : JSON.stringify(name);
    return `${comment}${pad}${key}${required.includes(name) ? '' : '?'}: ${typeOf(said, depth + 1)};\n`;
  });
  return `{\n${lines.join('')}${'  '.repeat(depth)}}`;
}
