import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import { allFacts } from '../../../test/support/config/project-facts-builder.ts';
import { baitText, falseKey } from './bait.ts';
import { checkKeys } from './check-mapping.ts';
import type { Offer, PackCheck } from './pack.ts';
import { packs } from './packs.ts';
import { offerLines } from './render-offers.ts';
import { validationLines } from './render-validation.ts';

const aCheck = (check: Partial<PackCheck> = {}): PackCheck => ({ about: [], run: ['x'], ...check });
const ready = (check: PackCheck): Offer => ({ kind: 'check', name: 'it', check });

test('what is written is what is meant, for every check of every pack', () => {
  for (const offer of packs.flatMap((pack) => pack.offersFor(allFacts()))) {
    if (offer.kind === 'missing') continue;
    const lines = offerLines([{ ...offer, kind: 'check' }]);

    assert.deepEqual(parse(lines.join('\n')), { [offer.name]: checkKeys(offer.check) });
  }
});

test('whatever the words and what is planted, they come back as they were', () => {
  const word = fc
    .string({ minLength: 1, maxLength: 40 })
    .filter((text) => !text.includes('\uE000'));
  const part = fc.tuple(fc.constantFrom('K', ' ', '-'), word).map((both) => both.join(''));
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 1 }),
      fc.array(part, { minLength: 1 }),
      (run, parts) => {
        const check = aCheck({ run, plant: { 'a b': parts } });

        const { it } = parse(offerLines([ready(check)]).join('\n')) as { it: unknown };

        assert.deepEqual(it, { run, plant: { 'a b': parts.join('') } });
      },
    ),
  );
});

test('a bait looks like one to the tool and like none where it is written', () => {
  const key = /-----BEGIN[ A-Z]*PRIVATE KEY/;
  const text = offerLines([ready(aCheck({ plant: { bait: falseKey } }))]).join('\n');

  assert.match(baitText(falseKey), key);
  assert.doesNotMatch(text, key);
  assert.match(text, /PRIVATE\\x20KEY/);
});

test('words that YAML reads in two ways stand in quotes', () => {
  const [line = ''] = offerLines([
    ready(aCheck({ run: ['on', 'no', '1.10', '~', '{report}'] })),
  ]).slice(1);

  assert.equal(line, "  run: [ 'on', 'no', '1.10', '~', '{report}' ]");
});

test('an example and what is missing are comments, behind what runs', () => {
  const lines = offerLines([
    { kind: 'missing', name: 'b', how: 'apt install b' },
    { kind: 'example', name: 'c', fill: 'where', check: aCheck({ about: ['Asks.'] }) },
    ready(aCheck({ about: ['Runs.'] })),
  ]);

  assert.deepEqual(lines, [
    ...['# Runs.', 'it:', '  run: [ x ]'],
    ...['', '# b is missing: apt install b'],
    ...['', '# Say where.', '# Asks.', '# c:', '#   run: [ x ]'],
  ]);
});

test('the command that is named runs as it stands: a preview asks for a release', () => {
  const commandFor = (check: PackCheck) =>
    /alone by: (.*)$/m.exec(validationLines([ready(check)]).join('\n'))?.[1];

  assert.equal(commandFor(aCheck()), 'surefoot check');
  assert.equal(commandFor(aCheck({ preview: true })), 'surefoot check --release <version>');
});

test('a section without a check that runs is a comment as a whole', () => {
  const without = validationLines([{ kind: 'missing', name: 'b', how: 'apt install b' }]);

  assert.ok(
    without.every((line) => line.startsWith('#')),
    without.join('\n'),
  );
  assert.deepEqual(parse(validationLines([ready(aCheck())]).join('\n')), {
    validation: { source: '.', checks: { it: { run: ['x'] } } },
  });
  assert.deepEqual(parse(validationLines([ready(aCheck({ preview: true }))]).join('\n')), {
    validation: {
      source: '.',
      preview: { path: '.' },
      checks: { it: { run: ['x'], preview: true } },
    },
  });
});
