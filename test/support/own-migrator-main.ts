/** A program: migrates by a table of its own, as somebody's might. */
import { readFileSync } from 'node:fs';
import { Client, DatabaseError } from 'pg';

const [what, ...files] = process.argv.slice(2);
const { env } = process;
const client = new Client({
  connectionString: env['DATABASE_URL'],
  ...(env['OWN_NAME'] !== undefined && { application_name: env['OWN_NAME'] }),
});
await client.connect();
await client.query('CREATE TABLE IF NOT EXISTS own_migrations (id serial, name text UNIQUE)');
if (what === 'applied') {
  const { rows } = await client.query('SELECT name FROM own_migrations ORDER BY id');
  for (const row of rows) process.stdout.write(`${JSON.stringify(row)}\n`);
} else {
  for (const file of files) await apply(file);
}
await client.end();

async function apply(file: string): Promise<void> {
  const text = readFileSync(file, 'utf8');
  await client.query('BEGIN');
  try {
    await client.query(text);
    if (env['FORGETFUL'] === undefined) {
      await client.query('INSERT INTO own_migrations (name) VALUES ($1)', [file.split('/').at(-1)]);
    }
    await client.query('COMMIT');
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    const line = text.slice(0, Number(error.position ?? 0)).split('\n').length;
    process.stderr.write(`line ${line}: ${error.message} at ${String(env['DATABASE_URL'])}\n`);
    process.exit(1);
  }
}
