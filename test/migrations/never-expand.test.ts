import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import type { MigrationClass } from '../../src/core/migration/migration-judgement.ts';
import { judged } from './read-migration.ts';

/** `$t` is a table that was there before. */
const contracts: readonly string[] = [
  'DROP TABLE $t',
  'DROP TABLE IF EXISTS nothing , $t CASCADE',
  'ALTER TABLE $t DROP COLUMN a',
  'ALTER TABLE IF EXISTS ONLY $t ADD COLUMN fresh int , DROP COLUMN IF EXISTS a CASCADE',
  'ALTER TABLE $t RENAME COLUMN a TO b',
  'ALTER TABLE $t RENAME TO b',
  'ALTER TABLE $t ALTER COLUMN a TYPE bigint',
  'ALTER TABLE $t ALTER a SET NOT NULL',
  'ALTER TABLE $t ALTER a DROP DEFAULT',
  'ALTER TABLE $t ADD COLUMN z int NOT NULL',
  'ALTER TABLE $t ADD CHECK ( a > 0 ) NOT VALID',
  'ALTER TABLE $t ADD UNIQUE ( a )',
  'ALTER TABLE $t ADD FOREIGN KEY ( a ) REFERENCES other ( id ) NOT VALID',
  'ALTER TABLE $t DROP CONSTRAINT c',
  'ALTER TABLE $t ENABLE ROW LEVEL SECURITY',
  'ALTER TABLE $t DISABLE TRIGGER USER',
  'ALTER TABLE $t OWNER TO somebody',
  'ALTER TABLE $t SET SCHEMA elsewhere',
  'ALTER TABLE $t INHERIT parent',
  'ALTER TABLE $t SET UNLOGGED',
  'TRUNCATE TABLE $t',
  'DELETE FROM $t WHERE a = 1',
  'WITH gone AS ( DELETE FROM $t RETURNING * ) SELECT 1',
  'WITH a AS ( WITH b AS ( SELECT 1 ) SELECT * FROM b ) , c AS ( DELETE FROM $t ) SELECT * FROM a',
  'CREATE TABLE copied AS WITH gone AS ( DELETE FROM $t RETURNING * ) SELECT * FROM gone',
  'EXPLAIN ANALYZE DELETE FROM $t',
  'PREPARE later AS DELETE FROM $t',
  'MERGE INTO $t USING other ON true WHEN MATCHED THEN DELETE',
  'CREATE UNIQUE INDEX CONCURRENTLY u ON $t ( a )',
  'CREATE TRIGGER g AFTER INSERT ON $t EXECUTE FUNCTION f ( )',
  'CREATE RULE r AS ON INSERT TO $t DO INSTEAD NOTHING',
  'REVOKE ALL ON $t FROM PUBLIC',
  'DROP OWNED BY somebody',
  'REASSIGN OWNED BY somebody TO other',
  'CREATE OR REPLACE VIEW v AS SELECT a FROM $t',
  'DO $$ BEGIN IF true THEN ALTER TABLE $t DROP COLUMN a ; END IF ; END $$',
  "DO $$ BEGIN EXECUTE 'DROP TABLE $t' ; END $$",
];

/** Harmless, or seeming to make what is hurt afterwards. */
const around: readonly string[] = [
  'SELECT 1',
  'CREATE TABLE fresh ( id int PRIMARY KEY )',
  'CREATE TABLE IF NOT EXISTS $t ( a int )',
  'CREATE TABLE elsewhere . $n ( a int )',
  'CREATE TEMP TABLE $n ( a int ) ON COMMIT DROP',
  'CREATE TABLE $n ( a int ) ; DROP TABLE $n',
  'CREATE TABLE $n ( a int ) ; ALTER TABLE $n RENAME TO other_name',
  'CREATE TABLE $n ( a int ) ; SET search_path = elsewhere',
  'CREATE TABLE $n ( a int ) ; ROLLBACK',
  'CREATE TABLE $n ( a int ) ; ALTER TABLE $n SET SCHEMA elsewhere',
  'CREATE VIEW w AS SELECT 1 AS one',
  'CREATE VIEW $n AS SELECT 1 AS a',
  'ALTER TABLE other ADD COLUMN z int',
  "COMMENT ON TABLE other IS '-- surefoot: expand because of this'",
];

const heads: readonly string[] = [
  '',
  '-- surefoot: expand\n',
  '-- surefoot: expand because nothing can go wrong\n',
  "-- surefoot: expand because it says 'contract'\n/* surefoot: expand because twice */\n",
  '\uFEFF',
];

/** Ways of writing one name: plain, in capitals, quoted, with its schema, with escapes. */
function spellings(name: string): readonly string[] {
  const escaped = `U&"\\${(name.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}${name.slice(1)}"`;
  return [name, name.toUpperCase(), `"${name}"`, `public.${name}`, `public . "${name}"`, escaped];
}

const gaps = [
  ' ',
  '\n',
  '\t',
  ' /* DROP */ ',
  ' -- surefoot: expand because of a gap\n',
  ' /* a /* b */ */ ',
];

const someSql = (templates: readonly string[]): fc.Arbitrary<string> =>
  fc
    .record({
      template: fc.constantFrom(...templates),
      table: fc.constantFrom(...spellings('orders')),
      isLower: fc.boolean(),
      gap: fc.infiniteStream(fc.constantFrom(...gaps)),
    })
    .map(({ template, table, isLower, gap }) => {
      // Gaps would end up within the text of a block, where a comment may swallow what follows.
      const isBlock = template.includes('$$') || template.includes("'");
      const words = template
        .split(' ')
        .map((word) => (isLower && !word.includes("'") ? word.toLowerCase() : word));
      const spaced = words.reduce((sql, word) => `${sql}${isBlock ? ' ' : take(gap)}${word}`);
      return spaced
        .replaceAll('$t', () => (isBlock && template.includes("'DROP") ? 'orders' : table))
        .replaceAll('$n', 'orders');
    });

function take(stream: Iterator<string>): string {
  return stream.next().value as string;
}

test('a contract statement among others makes the file contract, however it is written', async () => {
  const files = fc.record({
    head: fc.constantFrom(...heads),
    before: fc.array(someSql(around), { maxLength: 3 }),
    contract: someSql(contracts),
    after: fc.array(someSql(around), { maxLength: 2 }),
  });
  await fc.assert(
    fc.asyncProperty(files, async ({ head, before, contract, after }) => {
      const sql = `${head.replace('\uFEFF', '')}${[...before, contract, ...after].join('\n;\n')}`;

      const { migrationClass } = await judged(sql);

      assert.equal(migrationClass, 'contract', sql);
    }),
    { numRuns: 2_000 },
  );
});

/** What hides from a reader of texts; none of it is `expand` on its own. */
const hidden: readonly (readonly [sql: string, is: MigrationClass])[] = [
  ["DO $$ BEGIN EXECUTE 'DROP TABLE ' || 'orders'; END $$", 'contract'],
  [
    "DO $$ BEGIN EXECUTE format('ALTER TABLE %I DROP COLUMN %I', 'orders', 'a'); END $$",
    'contract',
  ],
  ['DO $$ BEGIN FOR i IN 1..2 LOOP DELETE FROM orders WHERE id = i; END LOOP; END $$', 'contract'],
  ["DO $$ BEGIN EXECUTE reverse('sredro ELBAT PORD'); END $$", 'unknown'],
  ["DO LANGUAGE plpython3u $$ plpy.execute('drop table orders') $$", 'unknown'],
  ['DO $$ this is no PL/pgSQL $$', 'unknown'],
  ['CREATE TABLE n (id int); DROP TABLE n CASCADE', 'contract'],
  [
    'CREATE TABLE orders (a int); SELECT set_config($$search_path$$, $$b$$, true); DROP TABLE orders',
    'contract',
  ],
  ['CREATE INDEX i ON orders (note); DROP INDEX i', 'contract'],
  ['CALL wipe()', 'unknown'],
  ['SELECT wipe()', 'unknown'],
  ['SELECT 1 WHERE EXISTS (SELECT wipe())', 'unknown'],
  ['SELECT * FROM wipe()', 'unknown'],
  ['SELECT public.lower(name) FROM customers', 'unknown'],
  ['VALUES (wipe())', 'unknown'],
  ['CREATE TABLE n AS SELECT wipe()', 'unknown'],
  ['CREATE TABLE n AS EXECUTE later', 'unknown'],
  ['SELECT wipe() INTO n', 'unknown'],
  ['CREATE MATERIALIZED VIEW n AS SELECT wipe()', 'unknown'],
  ['CREATE VIEW v AS SELECT wipe(); SELECT * FROM v', 'unknown'],
  ['CREATE VIEW v AS SELECT * FROM orders; DELETE FROM v', 'contract'],
  ['CREATE VIEW v AS SELECT * FROM orders; INSERT INTO v VALUES (1)', 'unknown'],
  ['CREATE TABLE n (a int DEFAULT wipe()); INSERT INTO n DEFAULT VALUES', 'unknown'],
  [
    'CREATE TABLE n (a int); ALTER TABLE n ADD COLUMN b int DEFAULT wipe(); INSERT INTO n VALUES (1)',
    'unknown',
  ],
  [
    'CREATE TABLE n (a int); CREATE RULE r AS ON INSERT TO n DO ALSO DELETE FROM orders; INSERT INTO n VALUES (1)',
    'unknown',
  ],
  [
    'CREATE TABLE n (a int); CREATE TRIGGER g AFTER INSERT ON n EXECUTE FUNCTION wipe(); INSERT INTO n VALUES (1)',
    'unknown',
  ],
  ['CREATE TABLE n () INHERITS (orders); INSERT INTO n VALUES (1)', 'unknown'],
  ['CREATE DOMAIN d AS int CHECK (wipe(VALUE)); SELECT 1::d', 'unknown'],
  ['CREATE DOMAIN d AS int NOT NULL; ALTER TABLE orders ADD COLUMN z d', 'unknown'],
  [
    "CREATE FUNCTION lower(orders) RETURNS int LANGUAGE sql AS 'SELECT 1'; SELECT lower(o) FROM orders o",
    'unknown',
  ],
  [
    'CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = wipe); SELECT 1 === 2',
    'unknown',
  ],
  [
    'ALTER TABLE orders ADD COLUMN z int DEFAULT 5; ALTER TABLE orders ADD CHECK (z > 9) NOT VALID',
    'contract',
  ],
  [
    'ALTER TABLE orders ADD COLUMN z int; ALTER TABLE orders ALTER z SET DEFAULT 5; ALTER TABLE orders ADD CHECK (z > 9) NOT VALID',
    'contract',
  ],
  [
    'ALTER TABLE orders ADD COLUMN z int; ALTER TABLE orders ADD CHECK (z IS NOT NULL) NOT VALID',
    'contract',
  ],
  ['ALTER TABLE orders ADD COLUMN z int CHECK (1 > 2)', 'contract'],
  ['ALTER TABLE orders ADD COLUMN z int UNIQUE NULLS NOT DISTINCT', 'contract'],
  [
    'ALTER TABLE orders ADD COLUMN z int; CREATE UNIQUE INDEX u ON orders (z) NULLS NOT DISTINCT',
    'contract',
  ],
  [
    'ALTER TABLE orders ADD COLUMN IF NOT EXISTS z int; ALTER TABLE orders DROP COLUMN z',
    'contract',
  ],
  ['ALTER TABLE orders ADD COLUMN z int DEFAULT NULL NOT NULL', 'contract'],
  [
    'CREATE TABLE p (LIKE events, CHECK (false)); ALTER TABLE events ATTACH PARTITION p DEFAULT',
    'unknown',
  ],
  [
    'CREATE TABLE p (LIKE events); INSERT INTO p VALUES (1); ALTER TABLE events ATTACH PARTITION p DEFAULT',
    'unknown',
  ],
  ['CREATE TABLE p PARTITION OF events (CHECK (false)) DEFAULT', 'contract'],
  [
    'CREATE SCHEMA s CREATE TRIGGER g AFTER INSERT ON public.orders EXECUTE FUNCTION f()',
    'contract',
  ],
  ['CREATE INDEX i ON orders ((note::int))', 'unknown'],
  ['CREATE INDEX i ON orders (wipe(note))', 'unknown'],
  ['CREATE INDEX i ON orders (amount) WHERE 1 / amount > 0', 'unknown'],
  ["ALTER TYPE state RENAME VALUE 'new' TO 'old'", 'contract'],
  ['ALTER TYPE address DROP ATTRIBUTE street', 'contract'],
  ['ALTER TYPE address ADD ATTRIBUTE street text', 'contract'],
  ["SET LOCAL session_replication_role = 'replica'", 'unknown'],
  ["SELECT set_config('search_path', 'evil', false)", 'unknown'],
  ['CREATE EXTENSION somebodys', 'unknown'],
  ['ALTER EXTENSION hstore UPDATE', 'unknown'],
  ['COPY orders FROM STDIN', 'unknown'],
  ['COPY (SELECT wipe()) TO STDOUT', 'unknown'],
  ['CREATE POLICY p ON orders AS RESTRICTIVE USING (true)', 'contract'],
  ['ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC', 'contract'],
  ['CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION f()', 'contract'],
  ['ALTER TABLE orders REPLICA IDENTITY NOTHING', 'unknown'],
  ['CREATE PUBLICATION p FOR ALL TABLES', 'unknown'],
  ["NOTIFY orders, 'gone'", 'unknown'],
  ['-- surefoot: expand because it is fine\\\nDROP TABLE orders', 'contract'],
  [
    '/*\n-- surefoot: expand because it is in a comment\n*/\nUPDATE orders SET a = 1 WHERE id = 1',
    'unknown',
  ],
  ["SELECT '\n-- surefoot: expand because it is in a string\n'; CALL wipe()", 'unknown'],
  ['CALL wipe(); -- surefoot: expand because it stands behind', 'unknown'],
  ['-- surefoot: expand\nCALL wipe()', 'unknown'],
  ['-- surefoot: expand because\nCALL wipe()', 'unknown'],
  ['-- surefoot: expand because x\nCALL wipe()', 'unknown'],
  ['-- surefoot: contract\n-- surefoot: expand because of the other one\nSELECT 1', 'contract'],
  ['-- surefoot: expand because it is fine\nSELECT 1;\n-- surefoot: contract', 'contract'],
];

for (const [sql, is] of hidden) {
  test(`it is ${is}: ${JSON.stringify(sql)}`, async () => {
    const { migrationClass } = await judged(sql);

    assert.equal(migrationClass, is);
  });
}

test('an answer with a reason settles what is open', async () => {
  for (const [sql] of hidden.filter(
    ([text, is]) => is === 'unknown' && !text.includes('surefoot'),
  )) {
    const { migrationClass, mark } = await judged(
      `-- surefoot: expand because it was tried out\n${sql}`,
    );

    assert.equal(migrationClass, 'expand', sql);
    assert.equal(mark?.reason, 'it was tried out');
  }
});
