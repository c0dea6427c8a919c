export { fileProblem } from './sentences.ts';
export type { Field, Query, Staged, Target } from './types.ts';
