/** What a MariaDB server says its version is, and whether it can be taken. */
import { operationalError } from '../operational-error.ts';

const OLDEST = '10.6';

/** `10.11` of `10.11.19-MariaDB-0+deb12u1`. Throws `backup-unverifiable` for what is too old, or no MariaDB. */
export function mariadbSeries(version: string): string {
  const series = /^(\d+\.\d+)\.\d+-(?:.*-)?MariaDB/.exec(version)?.[1];
  if (series === undefined) {
    throw refused(
      `It is MySQL ${version}, and no MariaDB. Take it with the driver "command", and mysqldump in it`,
    );
  }
  if (series.localeCompare(OLDEST, 'en', { numeric: true }) >= 0) return series;
  throw refused(`It is MariaDB ${version}; ${OLDEST} is the oldest that is taken so`);
}

function refused(why: string): Error {
  return operationalError('backup-unverifiable', `${why}.`);
}
