/** A place to look for facts in: one service whose balancer listens where the test says. */
import type { Control } from '../../src/core/compliance/control.ts';
import type { Declared, PlannedControls } from '../../src/core/compliance/planned-controls.ts';
import type { ListenAddress } from '../../src/core/model/listen-address.ts';
import { systemClock } from '../../src/platform/clock.ts';
import type { ObservedPlace } from '../../src/engine/compliance/observed-place.ts';

export function aPlace(
  changes: Partial<ObservedPlace> & Pick<ObservedPlace, 'directory'>,
  address: ListenAddress | null = { host: '127.0.0.1', port: 8080 },
): ObservedPlace {
  return {
    ...{ declared: whatIsDeclared({ address, addresses: address ? [address] : [] }), checks: [] },
    ...{ host: {}, clock: systemClock, signal: new AbortController().signal },
    ...changes,
  };
}

export function whatIsDeclared(changes: Partial<Declared> = {}): Declared {
  return {
    ...{ system: 'newsroom', service: 'newsroom', environment: 'production' },
    ...{ configDigest: `sha256:${'c'.repeat(64)}`, strictness: 'critical' },
    ...{ address: null, addresses: [] },
    ...changes,
  };
}

export function plannedControls(controls: readonly Control[]): PlannedControls {
  const digest = `sha256:${'d'.repeat(64)}` as const;
  return {
    profile: { name: 'x', title: 'X', controls, where: 'x.yaml', digest },
    ...{ exemptions: [], declared: whatIsDeclared() },
  };
}
