import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { configText } from '../../test/support/config/config-text.ts';
import { configurableDrivers } from '../../test/support/config/load-text.ts';
import { ambiguousScalars } from './ambiguous-scalars.ts';
import { decodeText } from './decode-text.ts';
import { findConflicts } from './conflicts.ts';
import { parseYaml } from './parse-yaml.ts';
import { configJsonSchema, knownKeys } from './config-json-schema.ts';
import { configSchema } from './schema.ts';
import { schemaFindings } from './schema-findings.ts';
import { substituteVariables } from './substitute-variables.ts';

const schema = configSchema(configurableDrivers);
const jsonSchema = configJsonSchema(configurableDrivers);

/** All that loading does with a text, without the file. */
function findingsIn(text: string) {
  const parsed = parseYaml(text);
  if (parsed.kind === 'refused') return parsed.findings;
  const { tree } = parsed;
  const { value, findings } = substituteVariables({
    tree,
    text,
    environment: 'production',
    environmentVariables: { NEWSROOM_DATABASE_URL: 'x' },
  });
  const issues = schema.safeParse(value).error?.issues ?? [];
  const knownKeysAt = (path: readonly (string | number)[]) => knownKeys(jsonSchema, value, path);
  return [
    ...findings,
    ...ambiguousScalars(tree),
    ...schemaFindings({ issues, value, tree, drivers: [], knownKeysAt }),
    ...findConflicts({ value, tree, drivers: configurableDrivers }),
  ];
}

const snippets = fc.oneof(
  fc.constantFrom('', '\n', '  ', '- ', ': ', '{', '}', '[', ']', '*a', '&a ', '!!str ', '${', '#'),
  fc.constantFrom('null', '~', 'no', '012', '1e309', '"', "'", '|\n', '? ', '---\n', '\t', '<<: '),
  fc.string({ maxLength: 5, unit: 'binary' }),
);

test('whatever a text says, it is a configuration or a list of places in it', () => {
  const edits = fc.array(fc.record({ at: fc.nat(900), remove: fc.nat(20), insert: snippets }), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(edits, (changes) => {
      const text = changes.reduce(
        (edited, { at, remove, insert }) =>
          edited.slice(0, at) + insert + edited.slice(at + remove),
        configText(),
      );

      for (const { at, message } of findingsIn(text)) {
        assert.notEqual(message, '');
        assert.ok(at === null || (at >= 0 && at <= text.length), `${message} at ${at ?? ''}`);
      }
    }),
    { numRuns: 200 },
  );
});

test('whatever the bytes are, they are text or a place in it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const decoded = decodeText(Buffer.from(bytes));

      if (decoded.kind === 'decoded') {
        assert.deepEqual(
          Buffer.from(decoded.text),
          Buffer.from(bytes).subarray(bytes.length - Buffer.byteLength(decoded.text)),
        );
      } else {
        assert.ok((decoded.finding.at ?? 0) <= decoded.text.length);
      }
    }),
    { numRuns: 300 },
  );
});
