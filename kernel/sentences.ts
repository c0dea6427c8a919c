import { registerSentences } from './problem.ts';

// The kernel's own refusals; a module's stand in its module.ts.
registerSentences({
  not_signed_in: {
    status: 401,
    sentence: 'Sign in first. If you were signed in, your session has ended.',
  },
  not_set_up: {
    status: 401,
    sentence: 'This Kontor is not set up yet. Open it in a browser, or run “kontor init”.',
  },
  already_set_up: {
    status: 409,
    sentence: 'This Kontor is set up already, for {company}. Nothing was changed.',
  },
  sign_in_refused: { status: 401, sentence: 'Username or password is wrong.' },
  locked_out: {
    status: 429,
    sentence: 'Too many wrong passwords. Try again in {minutes} minutes, or ask an administrator.',
  },
  password_weak: { status: 422, sentence: 'Choose another password. {why}' },
  must_change_password: { status: 403, sentence: 'Choose a new password before you go on.' },
  not_permitted: {
    status: 403,
    sentence:
      'You may not do this. It needs the right “{allows}” ({permission}). Ask who manages your shop.',
  },
  approver_not_permitted: { status: 403, sentence: '{name} may not approve this either.' },
  approval_not_valid: {
    status: 403,
    sentence:
      'This approval was for something else, was used, or is older than five minutes. Ask again.',
  },
  import_is_undone: { status: 409, sentence: 'This import is undone already.' },
  import_too_old: {
    status: 409,
    sentence:
      'This import is older than the undoing of imports: what it made and changed is not known.',
  },
  import_is_posted: {
    status: 409,
    sentence: 'This import posted rows that are never taken away. Reverse or void them one by one.',
  },
  import_in_use: {
    status: 409,
    sentence:
      'Nothing is undone: what was imported has been changed or used since (records: {count}). ' +
      'Undo what stands in the way first, the later imports before the earlier.',
  },
  operation_unknown: { status: 404, sentence: 'There is no operation {operation}.' },
  request_id_wrong: {
    status: 400,
    sentence: 'A request id has 8 to 64 letters, digits, - and _, and is no job’s.',
  },
  jobs_too_many: {
    status: 429,
    sentence: 'You have {limit} jobs waiting already. Wait until some are done, or cancel some.',
  },
  operation_not_sql: { status: 422, sentence: 'The body of {operation} isn’t SQL. Use: {command}' },
  key_reused: {
    status: 409,
    sentence: 'The Idempotency-Key {key} was used for another request. Make a new key.',
  },
  key_missing: {
    status: 400,
    sentence: 'Send an Idempotency-Key header: the same one when you try the same request again.',
  },
  key_wrong: { status: 400, sentence: 'An Idempotency-Key has 1 to 200 visible characters.' },
  table_unknown: {
    status: 404,
    sentence: 'There is no table {table} here, or it isn’t yours to see.',
  },
  column_unknown: {
    status: 400,
    sentence: '{column} is no column of this table that you may see.',
  },
  operator_unknown: {
    status: 400,
    sentence:
      '{operator} is no filter. Use =, !=, <, <=, >, >=, between, in, not_in, contains, not_contains, starts, within, has, is_null or not_null.',
  },
  operator_not_fitting: {
    status: 400,
    sentence: '{column} can’t be filtered with {operator}. Use one of: {operators}.',
  },
  filter_value_wrong: { status: 400, sentence: 'The value {value} of a filter is wrong: {why}.' },
  cursor_wrong: {
    status: 400,
    sentence:
      'This cursor is of a list that was sorted otherwise. Ask for the first page again, without a cursor.',
  },
  too_many_sorts: { status: 400, sentence: 'A list is sorted by at most five columns.' },
  too_many_groups: {
    status: 400,
    sentence: 'A list is grouped by at most two columns, with at most ten totals.',
  },
  group_wrong: {
    status: 400,
    sentence:
      'Rows can’t be grouped by {group}. Name a column, and for a day or a moment :day, :week, :month, :quarter or :year behind it.',
  },
  total_wrong: {
    status: 400,
    sentence:
      '{total} is no total. Write sum:, avg:, min: or max: before a column of numbers; min: and max: also take days.',
  },
  not_searchable: { status: 400, sentence: 'This table has no search. Use a filter.' },
  sort_too_large: {
    status: 400,
    sentence:
      'More than 10,000 rows can’t be sorted by {column}, which has no index. Filter first, or sort by another column.',
  },
  not_found: { status: 404, sentence: 'This is not here, or not yours to see.' },
  page_not_found: { status: 404, sentence: 'There is nothing at {path}.' },
  input_wrong: {
    status: 422,
    sentence: 'Some fields are wrong. Mend them and try again; nothing was changed.',
  },
  value_wrong: { status: 422, sentence: 'A value has the wrong form: {why}' },
  body_not_json: { status: 400, sentence: 'The body isn’t JSON: {why}' },
  body_too_large: { status: 413, sentence: 'The body is larger than {limit}. Send less at once.' },
  too_many_requests: { status: 429, sentence: 'Too many requests. Wait a moment and try again.' },
  csrf_wrong: { status: 403, sentence: 'This page is out of date. Reload it and try again.' },
  already_exists: { status: 409, sentence: '{what} is there already. Choose another.' },
  refers_to_nothing: { status: 422, sentence: '{column} refers to something that isn’t here.' },
  still_used: { status: 409, sentence: 'This is still used elsewhere.' },
  field_missing: { status: 422, sentence: '{column} is missing.' },
  rule_broken: { status: 422, sentence: '{field} is not allowed: {why}.' },
  not_yours: {
    status: 403,
    sentence: 'This is another store’s, or needs a right that you don’t have.',
  },
  changed_meanwhile: {
    status: 409,
    sentence:
      'Somebody else changed this since you opened it. Look at what they did, then save again.',
  },
  view_unknown: {
    status: 404,
    sentence: 'There is no saved view {view} of this list, or it isn’t shared with you.',
  },
  view_wrong: {
    status: 422,
    sentence:
      'A saved view can’t hold this {part}. It holds filter, sort, group, totals and columns as lists, and q as text.',
  },
  translation_not_possible: {
    status: 422,
    sentence: 'The column {column} of {table} isn’t kept in several languages.',
  },
  too_many_rows: {
    status: 422,
    sentence: 'That is more than {limit} rows. Narrow the filter and change them in parts.',
  },
  undo_not_possible: {
    status: 409,
    sentence: 'Only your own change of many rows can be undone, within a day.',
  },
  count_differs: {
    status: 409,
    sentence: 'It would now be {count} rows, not {expected}. Look at the preview again.',
  },
  made_not_possible: {
    status: 500,
    sentence: 'No operations can be made for {table}: {why}. Mend “made” in its module.ts.',
  },
  custom_not_here: {
    status: 422,
    sentence: '{table} takes no fields of your own. Choose one of the tables that do.',
  },
  too_many_fields: {
    status: 422,
    sentence:
      '{table} has {limit} fields already, archived ones with them. Bring one of those back.',
  },
  custom_is_fixed: {
    status: 409,
    sentence:
      'Rows hold values of {label}: its name and type stay. Archive it and add another field.',
  },
  custom_unknown: {
    status: 422,
    sentence: '{field} is no field of {table} that you may fill.',
  },
  custom_wrong: { status: 422, sentence: 'A field of your own is wrong: {why}.' },
  custom_missing: { status: 422, sentence: '{label} is missing. It is needed here.' },
  role_not_there: { status: 422, sentence: 'There is no role {role} to give.' },
  role_is_shipped: {
    status: 409,
    sentence: '{role} comes with Kontor and stays as it is. Make a copy, and change that.',
  },
  role_in_use: {
    status: 409,
    sentence: 'Somebody still has the role {role}: {people} in all. Take it from them first.',
  },
  roles_too_many: {
    status: 409,
    sentence: 'There are {limit} roles of your own already. Remove one that nobody has.',
  },
  permission_unknown: { status: 422, sentence: 'There is no permission {permission}.' },
  system_stays: {
    status: 422,
    sentence:
      'This user is Kontor itself, which does what comes by itself. It can’t be switched off.',
  },
  last_administrator: {
    status: 409,
    sentence: 'Somebody must stay administrator of the whole company.',
  },
  store_unknown: { status: 422, sentence: 'This store isn’t known.' },
  time_zone_unknown: {
    status: 422,
    sentence: 'There is no time zone {time_zone}. One looks like America/New_York.',
  },
  id_is_fixed: { status: 409, sentence: 'The id of a row doesn’t change.' },
  happened_at_wrong: {
    status: 422,
    sentence:
      'The time lies before the year 2000 or after tomorrow. Set the clock, then try again.',
  },
  period_is_fixed: { status: 409, sentence: 'The days of a period don’t change.' },
  too_many_decimals: { status: 422, sentence: '{column} has more decimals than {currency} has.' },
  busy: { status: 503, sentence: 'The database is busy. Try again in a moment.' },
  waited_too_long: {
    status: 503,
    sentence: 'Too many people ask at once, and this waited too long for its turn. Try again.',
  },
  database_unreachable: {
    status: 503,
    sentence: 'The database can’t be reached. Kontor goes on by itself once it is back.',
  },
  schema_file_edited: {
    status: 500,
    sentence: '{file} ran on this database and was edited since. Put it back and add a new file.',
  },
  view_in_the_way: {
    status: 500,
    sentence:
      'This version changes a column that a view shows, and something that is not Kontor’s stands on that view ({why}). Take it away, start again, and make it anew.',
  },
  database_is_newer: {
    status: 500,
    sentence:
      'This database was brought on by a newer Kontor ({file} isn’t known here). Start that version, or restore a backup.',
  },
  database_not_empty: {
    status: 409,
    sentence:
      'A Kontor of version {version} stands in this database already. Name an empty one; nothing was changed.',
  },
  program_too_old: {
    status: 500,
    sentence:
      'This database was brought on by Kontor {version}, which works with programs from {serves} on; this is {program}. Start a newer one.',
  },
  roles_not_ours: {
    status: 500,
    sentence:
      'The login of DATABASE_URL may not use the roles kontor_owner, kontor_app and their like, which another login made on this server. Give it “admin option” on them, or use that login.',
  },
  postgresql_too_old: {
    status: 500,
    sentence: 'PostgreSQL 18 or newer is needed; this one says {version}.',
  },
  deploy_failed: {
    status: 500,
    sentence: 'The database could not be brought to this version; nothing was changed. {why}',
  },
  port_taken: {
    status: 500,
    sentence:
      'Port {port} is taken by another program. Stop it, or start with PORT set to another number.',
  },
  import_unknown: { status: 404, sentence: 'This import isn’t known. Drop the files again.' },
  import_not_ready: { status: 409, sentence: 'This import can’t be loaded now: it is {state}.' },
  file_too_large: { status: 413, sentence: '{file} is larger than 50 MB. Split it.' },
  no_files: { status: 400, sentence: 'Choose at least one file.' },
  report_unknown: { status: 404, sentence: 'There is no report {report}.' },
  parameter_wrong: { status: 400, sentence: 'The parameter {parameter} {why}.' },
  internal: {
    status: 500,
    sentence:
      'Something went wrong on our side, and nothing was changed. Try again; if it stays, tell who looks after Kontor the number {request_id}.',
  },
  module_reaches_out: {
    status: 500,
    sentence:
      'The module {name} may change nothing but its own schema, but says: {statement} … Put what ' +
      'it adds to another’s document into a table of its own, keyed by that document’s id.',
  },
  not_over_https: {
    status: 403,
    sentence:
      'This Kontor is reached by HTTPS only. The proxy before it must say so: X-Forwarded-Proto: https.',
  },
});
