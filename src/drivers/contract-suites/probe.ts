/** What every probe driver must show, whatever it asks. Called in the driver's own test file. */
import assert from 'node:assert/strict';
import { z } from 'zod';
import type { Driver, ProbeResult, ProbeSubject } from '../contract.ts';
import { checkInWorld } from './check-in-world.ts';

/** One probe with things to ask. Every call of a factory gives a fresh one. */
export interface ProbeWorld<Config> {
  readonly driver: Driver<'probe', Config>;
  /** As written in the file; its timeout must be between 50 ms and 1 s. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Answers as expected until `breakDown`, then in a way that must not be accepted. */
  readonly subject: ProbeSubject;
  breakDown(): Promise<void>;
  /** Never answers; null when this cannot be had for the driver. */
  readonly silent: ProbeSubject | null;
  close(): Promise<void>;
}

const LINE_LENGTH_MAX = 300;

export function describeProbeContract<Config>(
  name: string,
  createWorld: () => Promise<ProbeWorld<Config>>,
): void {
  const check = checkInWorld(name, createWorld);

  check('a subject that answers as expected passes', async (world) => {
    const result = await ask(world, world.subject);

    assert.equal(result.ok, true, result.observed);
    assertWellFormed(result);
  });

  check('asking again gives the same result, one after the other and at once', async (world) => {
    const one = await ask(world, world.subject);
    const others = await Promise.all([1, 2, 3].map(() => ask(world, world.subject)));

    assert.deepEqual(
      others.map(({ ok, observed, expected }) => ({ ok, observed, expected })),
      others.map(() => ({ ok: one.ok, observed: one.observed, expected: one.expected })),
    );
  });

  check('a subject that broke down is a result, not an exception', async (world) => {
    await ask(world, world.subject);
    await world.breakDown();

    const result = await ask(world, world.subject);

    assert.equal(result.ok, false);
    assertWellFormed(result);
  });

  check('a subject that never answers fails at the timeout', async (world) => {
    if (!world.silent) return;

    const result = await ask(world, world.silent);

    assert.equal(result.ok, false);
    assertWellFormed(result);
  });

  check('an aborted signal rejects before anything is asked', async (world) => {
    const reason = new Error('the deployment was aborted');

    await assert.rejects(ask(world, world.subject, AbortSignal.abort(reason)), reason);
  });

  check('an aborted signal rejects while it waits', async (world) => {
    if (!world.silent) return;
    const abort = new AbortController();
    const reason = new Error('the deployment was aborted');

    const waiting = ask(world, world.silent, abort.signal);
    setImmediate(() => abort.abort(reason));

    await assert.rejects(waiting, (error: Error) => error === reason || error.cause === reason);
  });

  check('its configuration is strict and can be shown to editors', async ({ driver, config }) => {
    assert.equal(driver.kind, 'probe');
    assert.equal(driver.config.safeParse(config).success, true);
    assert.equal(driver.config.safeParse({ ...config, unknownKey: 1 }).success, false);
    assert.deepEqual(
      ['driver', 'name'].filter((key) => key in driver.config.shape),
      [],
    );
    const schema = z.toJSONSchema(driver.config, { target: 'draft-7', io: 'input' });
    assert.equal(schema.additionalProperties, false);
  });
}

function ask<Config>(
  { driver, config }: ProbeWorld<Config>,
  subject: ProbeSubject,
  signal: AbortSignal = new AbortController().signal,
): Promise<ProbeResult> {
  const probe = driver.connect(driver.config.parse(config), { stateDirectory: '' });
  return probe.run(subject, { signal });
}

function assertWellFormed(result: ProbeResult): void {
  for (const line of [result.observed, result.expected]) {
    assert.notEqual(line, '');
    assert.ok(line.length <= LINE_LENGTH_MAX, `${line.length} characters`);
    assert.doesNotMatch(line, /[\p{Cc}\p{Cf}]/u);
  }
  assert.ok(result.durationMs >= 0 && Number.isFinite(result.durationMs));
}
