import type { ComponentType } from 'react';
import type { Row } from '../base/types.ts';

type Extra = ComponentType<{ row: Row }>;
const extras = new Map<string, Extra>();

/** Lets an app show more of a table's records than the catalogue knows, such as a receipt’s paper. */
export function showBeside(table: string, extra: Extra): void {
  extras.set(table, extra);
}

export const extraOf = (table: string): Extra | undefined => extras.get(table);
