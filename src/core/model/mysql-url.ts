/** Where a MariaDB server is and which of its databases is meant, as a configuration says it. */
import { z } from 'zod';

export const mysqlUrl = z
  .url({
    protocol: /^(mysql|mariadb)$/,
    error: 'must be a URL that begins with mysql:// or mariadb://',
  })
  .refine((url) => new URL(url).pathname.length > 1, {
    error: 'must name the database: mysql://user@host/database',
  });
