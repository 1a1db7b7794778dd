/** Writes a report as large as wished, in the form in which linters write them: results first, their rules behind. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

const RULES = 200;
const FILES = 2_000;
const LEVELS = ['note', 'warning', 'error'] as const;
const BATCH = 1_000;

export interface SarifSize {
  readonly results: number;
  /** Of the whole file. */
  readonly bytes: number;
}

/** Stops when it has so many results, or so many bytes. */
export async function writeSarif(path: string, size: Partial<SarifSize>): Promise<SarifSize> {
  const { results: resultsMax = Infinity, bytes: bytesMax = Infinity } = size;
  const out = createWriteStream(path);
  out.write('{"version":"2.1.0","runs":[{"results":[');
  let results = 0;
  let bytes = 0;
  while (results < resultsMax && bytes < bytesMax) {
    const count = Math.min(BATCH, resultsMax - results);
    const first = results;
    const batch = Array.from({ length: count }, (_, at) => aResult(first + at)).join(',');
    results += count;
    bytes += batch.length;
    if (!out.write(first === 0 ? batch : `,${batch}`)) await once(out, 'drain');
  }
  const artifacts = Array.from({ length: FILES }, (_, at) => ({ location: { uri: fileOf(at) } }));
  const rules = Array.from({ length: RULES }, (_, at) => ({
    ...{ id: ruleOf(at), shortDescription: { text: `What rule ${at} is there for` } },
    defaultConfiguration: { level: LEVELS[at % LEVELS.length] },
  }));
  const tool = { driver: { name: 'lint', version: '1.0.0', rules } };
  out.end(`],"artifacts":${JSON.stringify(artifacts)},"tool":${JSON.stringify(tool)}}]}`);
  await finished(out);
  return { results, bytes: out.bytesWritten };
}

function aResult(at: number): string {
  return JSON.stringify({
    ruleId: ruleOf(at),
    // Many tools say no place in the list of rules.
    ...(at % 2 === 0 && { ruleIndex: at % RULES }),
    message: {
      text: `'value${at}' is assigned and never used; take it away, or use it «${at % 97}».`,
    },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: fileOf(at * 7), index: (at * 7) % FILES },
          region: { startLine: (at % 900) + 1, startColumn: (at % 80) + 1, endColumn: 90 },
        },
      },
    ],
    partialFingerprints: { primaryLocationLineHash: (at * 2_654_435_761).toString(16) },
  });
}

function ruleOf(at: number): string {
  return `correctness/no-unused-part-${at % RULES}`;
}

function fileOf(at: number): string {
  return `src/features/part-${at % 40}/module-${at % FILES}.ts`;
}
