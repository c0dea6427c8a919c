import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { madeOperations } from './database/writing/made.ts';
import { entryOf, isElsewhereName, modulesElsewhere, SURFACE } from './elsewhere.ts';
import { addHooks, loadedHook } from './hooks.ts';
import { type AnyJob, isJob } from './jobs/job.ts';
import { kernelModules } from './kernel_modules.ts';
import type { Hook, Module } from './module.ts';
import { type AnyOperation, isOperation } from './operation.ts';
import { problem, registerPermissions, registerSentences } from './problem.ts';

export const root = join(import.meta.dirname, '..');

export interface LoadedModule extends Module {
  /** Where its schema/ and logic.sql lie. */
  folder: string;
  /** Further folders with logic and jobs of it; only the kernel's own modules have some. */
  rooms?: string[];
  operations: AnyOperation[];
  jobs: AnyJob[];
}

let loaded: Promise<LoadedModule[]> | undefined;

/**
 * The kernel's own modules, those under modules/ and those from elsewhere that are switched on, each
 * after what it depends on. Errors: module_broken.
 */
export function modules(): Promise<LoadedModule[]> {
  loaded ??= loadModules();
  return loaded;
}

/** The SQL function by which a module answers what the kernel asks of a business. */
export async function hook(name: Hook): Promise<string> {
  await modules();
  return loadedHook(name);
}

/** Every operation by its name. */
export async function operations(): Promise<Map<string, AnyOperation>> {
  const all = (await modules()).flatMap((m) => m.operations);
  return new Map(all.map((o) => [o.name, o]));
}

/** Every job by its name. */
export async function jobs(): Promise<Map<string, AnyJob>> {
  const all = (await modules()).flatMap((m) => m.jobs);
  return new Map(all.map((j) => [j.name, j]));
}

async function loadModules(): Promise<LoadedModule[]> {
  const found = new Map<string, LoadedModule>();
  for (const m of kernelModules) {
    if (m.made)
      throw problem('made_not_possible', { table: m.name, why: 'it is the kernel’s own' });
    const folder = join(root, m.folder);
    const rooms = (m.rooms ?? []).map((room) => join(root, room));
    const { operations = [] } = m;
    const jobs = (await Promise.all([folder, ...rooms].map(jobsIn))).flat();
    found.set(m.name, { ...m, folder, rooms, operations, jobs });
  }
  for (const name of readdirSync(join(root, 'modules')).sort()) {
    const folder = join(root, 'modules', name);
    const { default: said } = (await import(join(folder, 'module.ts'))) as { default: Module };
    const operations = [...(await operationsIn(folder)), ...madeOperations(said)];
    found.set(said.name, { ...said, folder, operations, jobs: await jobsIn(folder) });
  }
  for (const m of await loadElsewhere()) found.set(m.name, m);
  for (const m of found.values()) {
    registerPermissions(m.permissions);
    addHooks(m);
    for (const [code, sentence] of Object.entries(m.refusals ?? {})) {
      registerSentences({ [code]: { status: 422, sentence } });
    }
  }
  return inOrder(found);
}

/** Those of the data home and of npm packages; one that is broken stops the start, with its name. */
async function loadElsewhere(): Promise<LoadedModule[]> {
  const there = modulesElsewhere().filter((m) => m.on);
  if (there.length > 0) await import('./elsewhere_hooks.ts');
  return Promise.all(
    there.map(async ({ name, folder }) => {
      try {
        const { default: said } = (await import(entryOf(folder) ?? '')) as { default: Module };
        const operations = [...(await operationsIn(folder)), ...madeOperations(said)];
        const jobs = await jobsIn(folder);
        const why = whatIsWrong(name, said, [...operations, ...jobs]) ?? withoutFile(said, folder);
        if (why) throw new Error(why);
        return { ...said, folder, operations, jobs };
      } catch (error) {
        throw problem('module_broken', { name, why: sentence(error) }, error);
      }
    }),
  );
}

function whatIsWrong(name: string, said: Module, verbs: { name: string }[]): string | undefined {
  if (!isElsewhereName(name) || said.name !== name) {
    return `It calls itself “${said.name}”; a module from elsewhere is named x_… and as its folder.`;
  }
  if (said.surface !== SURFACE) {
    return `It was written for surface ${said.surface ?? '(none said)'}, and this is ${SURFACE}.`;
  }
  const names = [...Object.keys(said.permissions), ...verbs.map((v) => v.name)];
  const stray = names.find((n) => !n.startsWith(`${name}.`));
  if (stray) return `“${stray}” must begin with “${name}.”.`;
  return undefined;
}

function withoutFile({ pages = {} }: Module, folder: string): string | undefined {
  const page = Object.keys(pages).find((p) => !existsSync(join(folder, `${p}.page.tsx`)));
  return page && `It declares the page “${page}”, and there is no ${page}.page.tsx.`;
}

const sentence = (error: unknown): string => {
  const { message } = error as Error;
  return /[.!?]$/.test(message) ? message : `${message}.`;
};

async function operationsIn(folder: string): Promise<AnyOperation[]> {
  const files = readdirSync(folder).filter(
    (f) => /^[a-z_]+\.[jt]s$/.test(f) && !/^(module|demo)\.[jt]s$/.test(f),
  );
  const exported = await Promise.all(files.sort().map((f) => import(join(folder, f))));
  return exported.flatMap((e) => Object.values(e)).filter(isOperation);
}

async function jobsIn(folder: string): Promise<AnyJob[]> {
  const files = readdirSync(folder).filter((f) => /^[a-z_]+\.job\.[jt]s$/.test(f));
  const exported = await Promise.all(files.sort().map((f) => import(join(folder, f))));
  return exported.flatMap((e) => Object.values(e)).filter(isJob);
}

function inOrder(found: Map<string, LoadedModule>): LoadedModule[] {
  const done = new Set<LoadedModule>();
  const visit = (m: LoadedModule): void => {
    if (done.has(m)) return;
    for (const d of m.depends) {
      const needed = found.get(d);
      if (!needed) throw problem('module_broken', { name: m.name, why: `It needs ${d}.` });
      visit(needed);
    }
    done.add(m);
  };
  for (const m of found.values()) visit(m);
  return [...done];
}
