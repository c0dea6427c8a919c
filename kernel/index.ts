/** What a module may use of the kernel. */
export type { JobName, OperationName, Permission, Rows, Table } from '#generated/catalogue';
export { language } from './i18n/language.ts';
export { job } from './jobs/job.ts';
export { Address, Language } from './mail/address.ts';
export { mailDocument } from './mail/message.ts';
export { type MenuEntry, type Module, module } from './module.ts';
export {
  type Call,
  Currency,
  Fraction,
  Id,
  Moment,
  Money,
  type Operation,
  operation,
  Quantity,
  Text,
  z,
} from './operation.ts';
export { type FieldError, Problem, problem } from './problem.ts';
