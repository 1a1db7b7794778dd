import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { aLinter, LINTER } from './checks.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import type { NamedCheck } from '../../../src/engine/validation/run-check.ts';
import {
  validateRelease,
  type Validation,
} from '../../../src/engine/validation/validate-release.ts';
import { temporaryFolder } from '../temporary-folder.ts';

export const HOUR_MS = 3_600_000;
export const NOON_MS = Date.parse('2026-11-28T12:00:00Z');

/** A release whose checks are run again and again, a moment later each time. */
export function aRelease(
  t: TestContext,
  files: Readonly<Record<string, string>> = { 'a.js': 'good' },
) {
  const folder = temporaryFolder(t);
  const source = join(folder, 'source');
  mkdirSync(source);
  for (const [path, text] of Object.entries(files)) writeFileSync(join(source, path), text);
  const ran: string[] = [];
  let nowMs = NOON_MS;
  const validate = async (checks: readonly NamedCheck[], changes: Partial<Validation> = {}) => {
    nowMs += 1_000;
    const result = await validateRelease({
      ...{ system: 'market', digest: null },
      ...{ service: 'shop', release: null, artifact: null, stable: null },
      ...{ checks, source, isFresh: false },
      preview: null,
      ...{ config: { timeBox: HOUR_MS, reuse: HOUR_MS, waivers: [] }, vex: [], controls: null },
      stateDirectory: join(folder, 'state'),
      environment: { PATH: process.env['PATH'] ?? '' },
      ...{ cpus: { numbers: [0, 1], taskset: null }, self: [], secretValues: [] },
      onEvent: (event) => event.kind === 'line' && ran.push(event.line),
      clock: { ...systemClock, wallMs: () => nowMs },
      signal: new AbortController().signal,
      ...changes,
    });
    return { ...result, found: result.checks[0]! };
  };
  const later = (ms: number): void => void (nowMs += ms);
  return { validate, source, ran, folder, later };
}

export const TALKING = `${LINTER}; console.error('ran')`;

/** A linter that says when it runs. */
export const talking = (changes: Partial<NamedCheck> = {}): NamedCheck =>
  aLinter('lint', { run: ['node', '-e', TALKING], ...changes });
