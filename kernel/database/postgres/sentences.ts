import { registerSentences } from '../../problem.ts';

registerSentences({
  database_not_for_this_system: {
    status: 500,
    sentence:
      'Kontor brings no PostgreSQL for {platform}. Set DATABASE_URL to a PostgreSQL 18 or later.',
  },
  database_user_missing: {
    status: 500,
    sentence:
      'PostgreSQL does not run as root, and the system user "{user}" could not be made ({reason}). ' +
      'Make it, for instance by: useradd --system {user}. Or start Kontor as an ordinary user.',
  },
  home_closed_to_database: {
    status: 500,
    sentence:
      'Started by root, the database runs as the system user "{user}", to whom {folder} is closed. ' +
      'Set KONTOR_HOME to a folder elsewhere, for instance /var/lib/kontor.',
  },
  database_of_other_version: {
    status: 500,
    sentence:
      'The database in {path} was made by PostgreSQL {found}, and this Kontor brings {wanted}. ' +
      'Bring it over by: kontor upgrade',
  },
  database_did_not_start: {
    status: 500,
    sentence: 'The database in {path} did not start. PostgreSQL says:\n{said}',
  },
  database_not_made: {
    status: 500,
    sentence: 'The database could not be made in {path}. PostgreSQL says:\n{said}',
  },
  database_password_lost: {
    status: 500,
    sentence:
      'The database in {path} does not take the password in {file}. Put that file back, for ' +
      'instance from a backup.',
  },
  database_without_port: {
    status: 500,
    sentence: 'The database in {path} already runs without a port. Stop what uses it first.',
  },
  upgrade_nothing_there: {
    status: 404,
    sentence: 'There is no database of Kontor’s own in {path}, so there is nothing to upgrade.',
  },
  upgrade_not_needed: {
    status: 409,
    sentence:
      'The database in {path} is of PostgreSQL {found} already. To make it anew all the same, ' +
      'add --again.',
  },
  upgrade_in_use: {
    status: 409,
    sentence: 'Process {pid} works with the database in {path}. Stop it first, by: kontor stop',
  },
  upgrade_without_programs: {
    status: 409,
    sentence:
      'The programs of PostgreSQL {found}, which made the database, are not in {path}. Start the ' +
      'Kontor that made it, write a dump there, and load it here.',
  },
  upgrade_little_disk: {
    status: 507,
    sentence:
      'The new database needs {needed_mb} MB beside the old one, and {free_mb} MB are free at ' +
      '{path}. Free some space, then try again; nothing was changed.',
  },
  upgrade_cancelled: {
    status: 409,
    sentence: 'Cancelled. The database is the one that it was.',
  },
  upgrade_no_way_back: {
    status: 404,
    sentence: 'No earlier database is kept in {path}.',
  },
  socket_folder_taken: {
    status: 500,
    sentence:
      'The folder {folder}, where the database has its socket, belongs to someone else. Remove ' +
      'it, or set KONTOR_HOME to a shorter path.',
  },
  home_busy: {
    status: 503,
    sentence:
      'Another Kontor has been starting or stopping the database in {path} for two minutes. Wait ' +
      'for it or stop it, then try again.',
  },
});
