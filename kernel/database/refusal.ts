import pg from 'pg';
import { type Params, Problem, phrase, problem } from '../problem.ts';
import { brokenRule, ruleOf } from './rule.ts';

const UNREACHABLE = /^(08|57P)|ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|ETIMEDOUT/;

const TRIES = 6;

/** Runs a transaction, and again where it only got in the way of others. Throws Problems. */
export async function retrying<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!mayRetry(error) || tries === TRIES) throw asProblem(error);
      await new Promise((r) => setTimeout(r, 5 * 2 ** tries * Math.random()));
    }
  }
}

/** Whether a transaction may simply be tried again: serialization failure, deadlock, lock wait. */
function mayRetry(error: unknown): boolean {
  return (
    error instanceof pg.DatabaseError && ['40001', '40P01', '55P03'].includes(error.code ?? '')
  );
}

/** What a person is told of an error of the database; anything else is given back as it is. */
export function asProblem(error: unknown): unknown {
  if (error instanceof Problem) return error;
  if (!(error instanceof Error)) return error;
  const code = 'code' in error ? String(error.code) : '';
  // The pool's own words for a turn that didn't come: all connections are in use.
  if (error.message.startsWith('timeout exceeded when trying to connect')) {
    return problem('waited_too_long', {}, error);
  }
  if (UNREACHABLE.test(code) || /Connection terminated/.test(error.message)) {
    return problem('database_unreachable', {}, error);
  }
  if (!(error instanceof pg.DatabaseError)) return error;
  if (code === 'KO001') return ofRefusal(error);
  return ofConstraint(error, code) ?? ofValue(error, code) ?? error;
}

/** A refusal that names a field is told beside it. */
function ofRefusal(error: pg.DatabaseError): Problem {
  const detail = detailOf(error);
  return withField(error.message, detail, String(detail.field ?? ''), error);
}

function detailOf(error: pg.DatabaseError): Params {
  try {
    return JSON.parse(error.detail ?? '{}') as Params;
  } catch {
    return {};
  }
}

function ofConstraint(error: pg.DatabaseError, code: string): Problem | undefined {
  const column = error.column ?? columnOf(error);
  switch (code) {
    case '23505': {
      if (/^receipt_(till_claim_id_number|reference)_key$/.test(error.constraint ?? '')) {
        const number = /=\((?:.*, )?(.*)\) already/.exec(error.detail ?? '')?.[1] ?? '';
        return problem('number_is_taken', { number }, error);
      }
      const what = /=\((.*)\) already/.exec(error.detail ?? '')?.[1] ?? 'This';
      return withField('already_exists', { what }, column, error);
    }
    case '23503':
      return /still referenced/.test(error.detail ?? '')
        ? problem('still_used', {}, error)
        : withField('refers_to_nothing', { column }, column, error);
    case '23502':
      return withField('field_missing', { column }, column, error);
    case '23514':
      return ofRule(error);
    case '42501':
      return problem('not_yours', {}, error);
    case '40001':
    case '40P01':
    case '55P03':
    case '53300':
      return problem('busy', {}, error);
    default:
      return undefined;
  }
}

/** Says what the rule asks for, beside its field. */
function ofRule(error: pg.DatabaseError): Problem {
  const column = columnOf(error);
  const unknown = { ...ruleOf(error.constraint ?? error.message), column, label: column };
  const { label, why, params, ...rule } = brokenRule(error) ?? unknown;
  const said = { ...params, field: label || phrase('This'), why };
  return withField('rule_broken', said, rule.column, error);
}

/** By the detail, or, where row security hides it, by the constraint's made name. */
function columnOf({ detail, constraint, table }: pg.DatabaseError): string {
  const told = /\(([^)]+)\)/.exec(detail ?? '')?.[1];
  return told ?? new RegExp(`^${table}_(.+)_(fkey|key|check)$`).exec(constraint ?? '')?.[1] ?? '';
}

/** Class 22: a value that is no number, date or id, or too large. */
function ofValue(error: pg.DatabaseError, code: string): Problem | undefined {
  return code.startsWith('22')
    ? problem('value_wrong', { why: `${error.message}.` }, error)
    : undefined;
}

function withField(code: string, params: Params, column: string, cause: Error): Problem {
  const made = problem(code, params, cause);
  if (!column || column.includes(',')) return made;
  return problem(code, params, cause, [{ field: column, code, message: made.message }]);
}
