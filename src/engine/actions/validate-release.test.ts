import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { actionUnderTest } from '../../../test/support/engine/an-action-context.ts';
import { plannedControls } from '../../../test/support/observed-place-builder.ts';
import { aControl } from '../../../test/support/core/compliance-builder.ts';
import { until } from '../../../test/support/until.ts';
import { aPlannedValidation } from '../../../test/support/validation/a-planned-validation.ts';
import { aSigner } from '../../../test/support/validation/a-signer.ts';
import { LINTER } from '../../../test/support/validation/checks.ts';
import type {
  PlannedCheck,
  PlannedPreview,
  PlannedValidation,
} from '../../core/validation/planned-validation.ts';
import { tcpProbe } from '../../drivers/probe/tcp/driver.ts';
import { sqliteBackup } from '../../drivers/backup/sqlite/driver.ts';
import { sarifReport } from '../../drivers/report/sarif/driver.ts';
import { signedReport } from '../../drivers/report/signed/driver.ts';
import { digestArtifact } from '../../platform/artifact-digest.ts';
import { systemClock } from '../../platform/clock.ts';
import type { ActionContext } from '../action-context.ts';
import { connectDriver } from '../connect-driver.ts';
import { packedConfig } from '../backup/pack-config.ts';
import { packedEnvironments } from '../validation/pack-environments.ts';
import { validatePlannedFrom } from '../validation/validate-planned.ts';
import { validateRelease } from './validate-release.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';

const report = { driver: 'sarif', config: { level: 'medium', max: 0, suppressed: 0, covered: 1 } };

function aCheck(changes: Partial<PlannedCheck> = {}): PlannedCheck {
  return {
    ...{ name: 'lint', row: 'V1', run: ['node', '-e', LINTER], report, needs: [] },
    ...{ plant: {}, plantApart: {}, timeout: 60_000, cpus: 1 },
    ...changes,
  };
}

const SERVER = `
  require('node:http').createServer((_, response) => response.end(process.env.SAYS)).listen(process.env.PORT);
`;

/** Reports nothing unless it was answered as it should. */
const ASKER = `
  fetch(process.env.AT).then((answer) => answer.text()).then((text) => {
    const runs = [{ tool: { driver: { name: 'asker' } }, artifacts: [{}], results: [] }];
    if (text === 'hello') console.log(JSON.stringify({ version: '2.1.0', runs }));
  });
`;

/** A service whose release is one file, checked by the real chain. */
async function aStep(
  t: TestContext,
  { text = 'good', ...changes }: Partial<PlannedValidation> & { readonly text?: string } = {},
) {
  const folder = temporaryFolder(t);
  const source = join(folder, 'release');
  mkdirSync(source);
  writeFileSync(join(source, 'a.js'), text);
  const { digest } = await digestArtifact(source);
  const { context } = actionUnderTest(60_000);
  const validation = aPlannedValidation({ source, checks: [aCheck()], ...changes });
  const { service } = context;
  const told: string[] = [];
  const stop = new AbortController();
  const step: ActionContext = {
    ...context,
    service: { ...service, validation, release: { ...service.release, artifactDigest: digest } },
    environmentOf: () =>
      Promise.resolve(
        packedEnvironments({
          environments: { lint: { TOKEN: 's3cret-word' } },
          secretValues: ['s3cret-word'],
        }),
      ),
    work: {
      ...context.work,
      validate: validatePlannedFrom({
        connect: connectDriver([sarifReport, signedReport, tcpProbe, sqliteBackup]),
        agents: { stateDirectory: join(folder, 'state') },
        ...{ self: [], host: process.env, clock: systemClock },
      }),
    },
    progress: (line) => told.push(line),
    signal: stop.signal,
  };
  return { step, told, stop, source, folder };
}

test('a signed report counts for the system and the artifact that are planned', async (t) => {
  const { step } = await aStep(t);
  const { release, service, validation } = step.service;
  assert.ok(validation);
  const ada = aSigner();
  const outcomeOf = async (subject: Readonly<Record<string, string>>) => {
    const about = { system: step.plan.system, service, versions: release.version };
    const head = { ...about, date: new Date().toISOString().slice(0, 10), result: 'passed' };
    const lines = Object.entries({ ...head, ...subject }).map((line) => line.join(': '));
    const signed = ada.signed(`---\n${lines.join('\n')}\n---\n`);
    const pentest = aCheck({
      ...{
        name: 'pentest',
        row: 'V9',
        run: ['node', '-e', `console.log(${JSON.stringify(signed)})`],
      },
      report: { driver: 'signed', config: { signers: [ada.line], days: 180 } },
    });
    const checks = [pentest];
    return validateRelease({
      ...step,
      service: { ...step.service, validation: { ...validation, checks } },
    });
  };

  assert.equal((await outcomeOf({ artifact: release.artifactDigest })).kind, 'ok');
  assert.equal((await outcomeOf({ system: 'of-others' })).kind, 'failed');
  assert.equal((await outcomeOf({ artifact: `sha256:${'0'.repeat(64)}` })).kind, 'failed');
});

test('when every check passes the record names each with its evidence', async (t) => {
  const { step, told } = await aStep(t);

  const result = await validateRelease(step);

  assert.equal(result.kind, 'ok');
  assert.match(result.evidence.summary, /^1 check passed\. Evidence: /);
  const { checks } = result.evidence.details as { checks: readonly Record<string, unknown>[] };
  assert.deepEqual([checks[0]?.['name'], checks[0]?.['outcome']], ['lint', 'PASS']);
  assert.match(String(checks[0]?.['report']), /^sha256:[0-9a-f]{64}$/);
  assert.deepEqual(told, ['lint runs', 'lint: PASS']);
});

test('when one does not, the step fails, and says which, what was seen and what is allowed', async (t) => {
  const { step } = await aStep(t, { text: 'bad' });

  const result = await validateRelease(step);

  assert.equal(result.kind, 'failed');
  assert.deepEqual([result.failure.code, result.failure.effect], ['validation-failed', 'none']);
  assert.equal(
    result.failure.message,
    '1 of 1 check of 2.0 did not pass. lint: FAIL, findings of medium and above: 1, the worst: no-bad at a.js, where none is allowed.',
  );
});

test('a chain that only prepares shows nothing, and lets nothing go on', async (t) => {
  const { report: _, ...quiet } = aCheck({ run: ['node', '-e', ''] });
  const { step } = await aStep(t, { checks: [quiet] });

  const result = await validateRelease(step);

  assert.equal(result.kind, 'failed');
  assert.match(result.failure.message, /^None of 1 check of 2\.0 has a report/);
});

test('controls that nothing shows keep a release from what comes after its checks', async (t) => {
  const open = aControl({ id: 'x-2', evidence: [{ kind: 'missing', why: 'no accounts' }] });
  const shown = await aStep(t, { controls: plannedControls([aControl()]) });
  const notShown = await aStep(t, { controls: plannedControls([aControl(), open]) });

  const passed = await validateRelease(shown.step);
  const failed = await validateRelease(notShown.step);

  assert.equal(passed.kind, 'ok');
  assert.match(passed.evidence.summary, /^2 checks passed\. /);
  assert.equal(failed.kind, 'failed');
  assert.match(
    failed.failure.message,
    /^1 of 2 checks of 2\.0 did not pass\. compliance: ERROR, controls that nobody checked: 1, /,
  );
});

test('what has become another artifact since the plan was made is not what passes', async (t) => {
  const { step, source } = await aStep(t);
  writeFileSync(join(source, 'a.js'), 'good, and changed');

  const result = await validateRelease(step);

  assert.equal(result.kind, 'failed');
  assert.match(result.failure.message, /What was checked is not what was planned/);
});

test('tools get the environment that was kept apart, and nobody reads it afterwards', async (t) => {
  const talking = `${LINTER}; console.error(process.env.TOKEN)`;
  const { step, folder } = await aStep(t, { checks: [aCheck({ run: ['node', '-e', talking] })] });

  const result = await validateRelease(step);

  assert.equal(result.kind, 'ok');
  const { evidence } = result.evidence.details as { evidence: string };
  assert.ok(evidence.startsWith(folder));
  assert.equal(readFileSync(join(evidence, 'lint/log.txt'), 'utf8'), '[secret]\n');
});

test('a request ends it with all that runs', async (t) => {
  const slow = 'setInterval(() => {}, 1000)';
  const { step, told, stop } = await aStep(t, {
    checks: [aCheck({ run: ['node', '-e', slow] })],
  });

  const running = validateRelease(step);
  await until('it runs', () => told.length > 0);
  stop.abort(new Error('asked to'));

  await assert.rejects(running, /asked to/);
});

async function aPreviewedStep(t: TestContext, preview: PlannedPreview): Promise<ActionContext> {
  const e2e = aCheck({ ...{ name: 'e2e', row: 'V7', preview: true }, run: ['node', '-e', ASKER] });
  const { step } = await aStep(t, { preview, checks: [e2e] });
  const { service } = step;
  const artifact = {
    path: service.validation?.source ?? '',
    digest: service.release.artifactDigest,
  };
  return {
    ...step,
    service: {
      ...service,
      candidate: { ...service.candidate, artifact, command: ['node', '-e', SERVER] },
      target: { driver: 'local', config: {} },
      probes: [{ name: 'open', driver: 'tcp', config: { timeout: 2_000 } }],
    },
    environmentOf: (digest) =>
      Promise.resolve(
        digest === RESTORED.configDigest
          ? packedConfig({ path: '/of-what-runs.sqlite' })
          : packedEnvironments({
              environments: { preview: { SAYS: 'hello' }, e2e: { AT: '{preview.url}' } },
              secretValues: [],
            }),
      ),
  };
}

const RESTORED = { name: 'stories', driver: 'sqlite', configDigest: `sha256:${'b'.repeat(64)}` };

test('a deployment restores the backup that its plan names for the preview, or says that there is none', async (t) => {
  const database = { backup: 'stories', variable: 'DB', seed: [] };
  const preview = { needs: [], ready: 30_000, database, restored: RESTORED };

  const result = await validateRelease(await aPreviewedStep(t, preview));

  assert.equal(result.kind, 'failed');
  assert.match(result.failure.message, /no verified backup of \S+\/stories to restore\. Take one/);
});

test('a deployment runs the preview that its plan holds, with the environment of its instances', async (t) => {
  const previewed = await aPreviewedStep(t, { needs: [], ready: 30_000 });

  const result = await validateRelease(previewed);

  assert.equal(result.kind, 'ok', JSON.stringify(result));
  assert.match(result.evidence.summary, /^2 checks passed\. Evidence: /);
});
