/**
 * What every reader of reports must show: reports that tools really wrote come out with the right counts, however they
 * are cut into chunks, and nothing that is empty, cut off, of another format or a bomb ever passes.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { inspect } from 'node:util';
import type { CheckedRelease } from '../../core/validation/criteria/signed-criteria.ts';
import { judgeReport, type CheckVerdict } from '../../core/validation/judge-report.ts';
import { OperationalError } from '../../core/operational-error.ts';
import { addFact, newTally, plainly, type Tally } from '../../core/validation/tally.ts';
import type { ReportReader, ReportSource } from '../contract.ts';
import { aReportSource, factsIn } from './facts-in.ts';
import { foreignWords } from './foreign-words.ts';

export interface ReportFixtures {
  /** The folder of the driver; its `fixtures/` holds what tools wrote, named after tool and version. */
  readonly folder: string;
  /** By file: what it comes to. Every file of the folder is here. */
  readonly expected: Readonly<Record<string, Partial<Tally>>>;
  /** A report that passes by the reader's rule, as text; what is made of it never does. */
  readonly passing: string;
  /** What `passing` finds, of a tool that never says what it looked at. */
  readonly planted?: readonly string[];
  /** The release that `passing` is about, where that matters. */
  readonly about?: CheckedRelease;
  /** More of what no reader may let pass, by what is wrong with it. */
  readonly broken?: Readonly<Record<string, string | Buffer>>;
}

export function describeReport(name: string, reader: ReportReader, fixtures: ReportFixtures): void {
  const { folder, expected, passing, planted = [], broken = {}, about } = fixtures;
  const by = { planted, ...(about && { about }) };

  for (const [file, tally] of Object.entries(expected)) {
    test(`${name}: ${file} is read as its tool wrote it`, async () => {
      const bytes = readFileSync(join(folder, 'fixtures', file));

      const whole = await tallied(reader, aReportSource(bytes));
      const inPieces = await tallied(reader, aReportSource(bytes, 101));

      for (const [key, value] of Object.entries(tally)) {
        assert.deepEqual(whole[key as keyof Tally], value, key);
      }
      assert.deepEqual(inPieces, whole);
    });
  }

  test(`${name}: every fixture is read`, () => {
    assert.deepEqual(readdirSync(join(folder, 'fixtures')).sort(), Object.keys(expected).sort());
  });

  test(`${name}: a good report passes`, async () => {
    assert.equal((await judged(reader, Buffer.from(passing), by)).outcome, 'PASS');
  });

  test(`${name}: a word that every object knows is read as any that nobody knows`, async () => {
    const texts = Object.keys(expected)
      .map((file) => readFileSync(join(folder, 'fixtures', file), 'utf8'))
      .filter((text) => text.length <= SHORT_LENGTH);
    for (const words of [passing, ...texts].flatMap(foreignWords)) {
      for (const [known, unknown] of KNOWN_TO_OBJECTS) {
        const [strange, plain] = [
          await shownBy(reader, words.with(known)),
          await shownBy(reader, words.with(unknown)),
        ].map((shown) => shown.replaceAll('proto', 'preto').replaceAll(known, unknown));
        assert.equal(strange, plain, `${known} at ${words.at}`);
      }
    }
  });

  for (const [what, bytes] of Object.entries({ ...brokenFrom(passing), ...broken })) {
    test(`${name}: ${what} never passes`, async () => {
      assert.notEqual((await judged(reader, Buffer.from(bytes), by)).outcome, 'PASS');
    });
  }
}

/** Longer ones show the same, and are read once for each of the words in them. */
const SHORT_LENGTH = 20_000;

/** Words of `Object.prototype`, each with another one of its length; some readers cut words at a `_`. */
const KNOWN_TO_OBJECTS = [
  ['constructor', 'constructed'],
  ['__proto__', '__preto__'],
] as const;

/** All that a reader says of a report, or why it refuses it. */
async function shownBy(reader: ReportReader, report: string): Promise<string> {
  try {
    return inspect(await factsIn(reader, report), { depth: null, maxArrayLength: null });
  } catch (error) {
    if (error instanceof OperationalError) return error.message;
    throw error;
  }
}

/** What happens to files: every reader gets these. */
function brokenFrom(passing: string): Readonly<Record<string, string | Buffer>> {
  const part = (share: number): string => passing.slice(0, Math.floor(passing.length * share));
  return {
    'an empty file': '',
    'a file of white space': ' \n\n ',
    'a report cut off in its first quarter': part(0.25),
    'a report cut off in its middle': part(0.5),
    'a report cut off near its end': passing.trimEnd().slice(0, -2),
    'a page of a web server': '<!doctype html><html><body><h1>502 Bad Gateway</h1></body></html>',
    'an error in words': 'Error: Cannot find module\n    at main (x.js:1:1)\n',
    'an empty document': '{}',
    'a list of nothing': '[]',
    'a document of something else': '{"data":[{"id":1}],"results":[]}',
    'XML of something else': '<?xml version="1.0"?><note><to>you</to></note>',
    'a report in UTF-16': Buffer.from(`\uFEFF${passing}`, 'utf16le'),
    'bytes that are no text': Buffer.from([0, 255, 254, 1, 2, 200, 128, 10, 0]),
    ...doubledFrom(passing),
    'a bomb of depth': '['.repeat(200_000),
    'a bomb of entities': LAUGHS,
  };
}

/** The first key and the first attribute twice: parsers take one of both, and which one is not said. */
function doubledFrom(passing: string): Readonly<Record<string, string>> {
  const key = passing.replace(/\{(\s*"(?:[^"\\]|\\.)*")\s*:/, '{$1:null,$1:');
  const attribute = passing.replace(/(<[\w:]+)( [\w:.-]+=)"/, '$1$2"other"$2"');
  return {
    ...(/^\s*[{[]/.test(passing) && { 'a key that stands twice': key }),
    ...(/^\s*</.test(passing) && { 'an attribute that stands twice': attribute }),
  };
}

/** Late in the day of all fixtures. */
const NOW_MS = Date.parse('2026-11-28T23:00:00Z');

const LAUGHS = [
  '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">',
  ...Array.from({ length: 9 }, (_, at) => {
    const of = at === 0 ? '&lol;' : `&lol${at};`;
    return `<!ENTITY lol${at + 1} "${of.repeat(10)}">`;
  }),
  ']><testsuites><testsuite name="a"><testcase name="&lol9;"/></testsuite></testsuites>',
].join('\n');

async function tallied(
  reader: ReportReader,
  source: ReportSource,
  planted: readonly string[] = [],
): Promise<Tally> {
  const tally = newTally();
  for await (const fact of reader.read(source)) {
    addFact(tally, fact, { ...plainly, planted });
  }
  return tally;
}

/** As whoever runs checks judges: what cannot be read is an error. */
async function judged(
  reader: ReportReader,
  bytes: Buffer,
  by: { readonly planted: readonly string[]; readonly about?: CheckedRelease },
): Promise<CheckVerdict> {
  try {
    const tally = await tallied(reader, aReportSource(bytes), by.planted);
    return judgeReport(reader.rule, tally, {
      ...{ ...by, nowMs: NOW_MS },
      apart: null,
      dated: null,
      baseline: { kind: 'none' },
    });
  } catch (error) {
    if (error instanceof OperationalError && error.failure.code === 'report-invalid') {
      return { outcome: 'ERROR', criteria: [] };
    }
    throw error;
  }
}
