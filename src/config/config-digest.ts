/**
 * Names the effective configuration of a release: driver, command, size and environment with all
 * variables replaced. Two pools with the same digest were started in the same way.
 */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../core/canonical-json.ts';
import type { DriverChoice } from './system-config.ts';

export function configDigestOf(target: DriverChoice): `sha256:${string}` {
  // The version line lets the format change later without two meanings sharing a digest.
  const text = `surefoot config 1\0${canonicalJson({ driver: target.driver, config: target.config })}`;
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
