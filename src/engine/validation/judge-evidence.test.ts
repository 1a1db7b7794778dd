import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { aLinter } from '../../../test/support/validation/checks.ts';
import type { Fact } from '../../core/validation/fact.ts';
import type { ReportReader, ReportSource } from '../../drivers/contract.ts';
import { systemClock } from '../../platform/clock.ts';
import { judgeEvidence, tallyReport, type JudgedBy } from './judge-evidence.ts';
import { runCheck } from './run-check.ts';

const { reader: linting } = aLinter('lint');
const by: JudgedBy = {
  ...{ planted: [], apart: null, dated: null, nowMs: 0 },
  ...{ excuseOf: () => null, baseline: { kind: 'none' } },
};

/** Of what comes one after the other without anything to wait for, and of so much that nobody would wait for its end. */
function readerOf(read: (source: ReportSource) => AsyncGenerator<Fact>): ReportReader {
  assert.ok(linting);
  return { rule: linting.rule, read };
}

async function* endless(): AsyncGenerator<Fact> {
  await Promise.resolve();
  const incomplete: Fact = { kind: 'incomplete', message: '' };
  for (let count = 0; count < 3_000_000; count += 1) yield incomplete;
}

async function* silent(source: ReportSource): AsyncGenerator<Fact> {
  let bytes = 0;
  for await (const chunk of source.chunks()) bytes += chunk.length;
  yield { kind: 'incomplete', message: `${bytes}` };
}

function aReport(t: TestContext) {
  const path = join(temporaryFolder(t), 'report');
  writeFileSync(path, 'a'.repeat(1_000_000));
  return { path, bytes: 1_000_000 };
}

for (const [what, read] of Object.entries({ endless, silent })) {
  test(`whoever stops the reading of a report that is ${what} is heard, and nothing is judged`, async (t) => {
    const stop = new AbortController();
    const reason = new Error('The time box is used up.');
    setImmediate(() => {
      stop.abort(reason);
    });

    const judged = judgeEvidence(readerOf(read), aReport(t), by, stop.signal);

    await assert.rejects(judged, reason);
    await assert.rejects(tallyReport(readerOf(read), aReport(t), stop.signal), reason);
  });
}

test('the time of a check counts for the reading of its report, too', async (t) => {
  const folder = temporaryFolder(t);
  const run = ['node', '-e', 'process.stdout.write("a")'];
  const result = await runCheck({
    check: aLinter('lint', { run, reader: readerOf(endless), timeout: 500 }),
    ...{ directory: folder, environment: { PATH: process.env['PATH'] ?? '' } },
    ...{ apart: join(folder, 'apart'), raw: join(folder, 'raw'), evidence: join(folder, 'kept') },
    ...{ copies: [], inputs: Promise.resolve(null), judgedBy: by, clock: systemClock },
    ...{ signal: new AbortController().signal, secretValues: [], keeper: [], onLine: () => {} },
    self: ['/usr/bin/env', 'node'],
  });

  assert.equal(result.outcome, 'ERROR');
  assert.match(result.because ?? '', /longer than 500 ms/);
});
