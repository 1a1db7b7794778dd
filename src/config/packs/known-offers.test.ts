import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configurableDrivers } from '../../../test/support/config/load-text.ts';
import { knownOffers } from './known-offers.ts';
import type { Offer, PackCheck } from './pack.ts';

const anOffer = (kind: 'check' | 'example', check: Partial<PackCheck>): Offer => ({
  ...{ name: 'it', fill: null, check: { about: [], run: ['x'], ...check } },
  kind,
});

test('a check is offered only where its reader and all of its keys are known', () => {
  const known: readonly Offer[] = [
    anOffer('check', { row: 'V1', report: { driver: 'sarif' }, plantApart: { a: 'b' } }),
    anOffer('example', { needs: ['a'], timeout: '1m', cpus: 1 }),
    { kind: 'missing', name: 'it', how: 'apt install it' },
  ];
  const invented = { run: ['x'], about: [], invented: true };
  const unknown = [
    anOffer('check', { report: { driver: 'zap' } }),
    anOffer('example', { report: { driver: 'zap' } }),
    anOffer('check', invented),
  ];

  assert.deepEqual(knownOffers([...known, ...unknown], configurableDrivers), known);
});
