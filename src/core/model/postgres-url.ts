/** Where a PostgreSQL server is, as a configuration says it. */
import { z } from 'zod';

export const postgresUrl = z.url({
  protocol: /^postgres(ql)?$/,
  error: 'must be a URL that begins with postgresql://',
});
