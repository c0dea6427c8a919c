import { join } from 'node:path';
import { modules, root } from '../modules.ts';
import { addLanguages } from './language.ts';

/** Reads the catalogues `i18n/<language>.json` of the kernel and of every module. */
export async function readLanguages(): Promise<void> {
  const folders = (await modules()).map(({ name, folder }): [string, string] => [name, folder]);
  addLanguages([['kernel', join(root, 'kernel')], ...folders]);
}
