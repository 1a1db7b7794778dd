import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { aPreviewedChain, aServer, asks } from '../../../test/support/engine/a-previewed-chain.ts';

const env = { PG: createRequire(import.meta.url).resolve('pg') };

/** What a program does with its database; the newsroom of the target is another one. */
const query = (text: string): string => `
  const { Client } = require(process.env.PG);
  const client = new Client({ connectionString: process.env.DB });
  const done = client.connect().then(() => client.query(${JSON.stringify(text)}));
`;

const SEED = `${query("CREATE TABLE story (title text); INSERT INTO story VALUES ('seeded')")}
  done.then(() => client.end());`;

/** In which its socket lies. */
const FOLDER = "console.log('folder ' + new URL(process.env.DB).searchParams.get('host'));";

function isFolderLeft(printed: string): boolean {
  const folder = /^folder (\S+)$/m.exec(printed)?.[1] ?? '';
  assert.notEqual(folder, '');
  return existsSync(folder);
}

const SERVER = aServer(
  { '/stories': 'done.then(({ rows }) => response.end(rows[0].title)); return' },
  `${query('SELECT title FROM story')} console.log('database ' + process.env.DB); ${FOLDER}`,
);

test('the database of a preview is seeded before it starts, its own, and gone with it', async (t) => {
  const database = { engine: 'postgres', variable: 'DB', seed: [['node', '-e', SEED]] } as const;
  const chain = aPreviewedChain(t, SERVER, [asks('e2e', '/stories')], {
    preview: { env: { ...env, DB: 'postgresql://of-the-target/' }, database },
  });

  const { preview, e2e } = await chain.results();

  assert.equal(preview?.outcome, 'PASS', preview?.because ?? '');
  assert.equal(e2e?.outcome, 'PASS');
  assert.match(readFileSync(e2e.evidence?.log ?? '', 'utf8'), /^seeded$/m);
  assert.match(chain.printed(), /^database \[secret\]$/m);
  assert.ok(!isFolderLeft(chain.printed()));
  assert.equal(await chain.left(), 0);
});

/** One that everybody knows, and one that is made for it, which the test learns letter by letter. */
const TELLING = `
  const { password } = new URL(process.env.DB);
  console.log('letters ' + password.split('').join(' '));
  for (const secret of ['s3cret-word', password])
    console.log('x'.repeat(65530) + secret + 'x'.repeat(65530));
`;

test('neither what fills the database nor the preview tells its password, nor half of it or of any other secret', async (t) => {
  const database = { engine: 'postgres', variable: 'DB', seed: [['node', '-e', TELLING]] } as const;
  const chain = aPreviewedChain(t, aServer({}, TELLING), [asks('e2e', '/')], {
    ...{ preview: { env, database }, secretValues: ['s3cret-word'] },
  });

  const { preview } = await chain.results();

  assert.equal(preview?.outcome, 'PASS', preview?.because ?? '');
  const printed = chain.printed();
  const letters = [...printed.matchAll(/^letters (.*)$/gm)].map(([, found = '']) => found);
  assert.equal(letters.length, 2);
  const password = letters[0]?.replaceAll(' ', '') ?? '';
  assert.ok(password.length >= 12);
  for (const half of ['s3cret', 'et-word', password.slice(0, 6), password.slice(6)])
    assert.ok(!printed.includes(half), half);
});

test('what cannot be seeded is no preview, and nothing of it is left', async (t) => {
  const fails = `${FOLDER} console.error('Error: no such story'); process.exitCode = 3`;
  const database = { engine: 'postgres', variable: 'DB', seed: [['node', '-e', fails]] } as const;
  const chain = aPreviewedChain(t, SERVER, [asks('e2e', '/stories')], {
    preview: { env, database },
  });

  const { preview, e2e } = await chain.results();

  assert.match(
    preview?.because ?? '',
    /^The database could not be seeded by "node -e .*It ended by itself, with code 3\. Its last error: Error: no such story$/s,
  );
  assert.equal(e2e?.outcome, 'NOT_RUN');
  assert.ok(!isFolderLeft(chain.printed()));
});
