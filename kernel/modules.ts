import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { madeOperations } from './database/made.ts';
import { kernelModules } from './kernel_modules.ts';
import type { Hook, Module } from './module.ts';
import { type AnyOperation, isOperation } from './operation.ts';
import { registerSentences } from './problem.ts';

export const root = join(import.meta.dirname, '..');

export interface LoadedModule extends Module {
  /** Where its schema/ and logic.sql lie. */
  folder: string;
  operations: AnyOperation[];
}

let loaded: Promise<LoadedModule[]> | undefined;

/** The kernel's own modules and those under modules/, each after what it depends on. */
export function modules(): Promise<LoadedModule[]> {
  loaded ??= loadModules();
  return loaded;
}

/** The SQL function by which a module answers what the kernel asks of a business. */
export async function hook(name: Hook): Promise<string> {
  const found = (await modules()).find((m) => m.hooks?.[name])?.hooks?.[name];
  if (!found) throw new Error(`No module answers ${name}.`);
  return found;
}

/** Every operation by its name. */
export async function operations(): Promise<Map<string, AnyOperation>> {
  const all = (await modules()).flatMap((m) => m.operations);
  return new Map(all.map((o) => [o.name, o]));
}

async function loadModules(): Promise<LoadedModule[]> {
  const found = new Map<string, LoadedModule>();
  for (const m of kernelModules) {
    found.set(m.name, { ...m, folder: join(root, m.folder), operations: m.operations ?? [] });
  }
  for (const name of readdirSync(join(root, 'modules')).sort()) {
    const folder = join(root, 'modules', name);
    const { default: said } = (await import(join(folder, 'module.ts'))) as { default: Module };
    const operations = [...(await operationsIn(folder)), ...madeOperations(said)];
    found.set(said.name, { ...said, folder, operations });
  }
  for (const m of found.values()) {
    for (const [code, sentence] of Object.entries(m.refusals ?? {})) {
      registerSentences({ [code]: { status: 422, sentence } });
    }
  }
  return inOrder(found);
}

async function operationsIn(folder: string): Promise<AnyOperation[]> {
  const files = readdirSync(folder).filter(
    (f) => /^[a-z_]+\.ts$/.test(f) && f !== 'module.ts' && f !== 'demo.ts',
  );
  const exported = await Promise.all(files.sort().map((f) => import(join(folder, f))));
  return exported.flatMap((e) => Object.values(e)).filter(isOperation);
}

function inOrder(found: Map<string, LoadedModule>): LoadedModule[] {
  const done = new Set<LoadedModule>();
  const visit = (name: string): void => {
    const m = found.get(name);
    if (!m) throw new Error(`A module depends on "${name}", which is not here.`);
    if (done.has(m)) return;
    for (const d of m.depends) visit(d);
    done.add(m);
  };
  for (const name of found.keys()) visit(name);
  return [...done];
}
