import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configurableDrivers } from '../../test/support/config/load-text.ts';
import { configJsonSchema, knownKeys } from './config-json-schema.ts';

const schema = configJsonSchema(configurableDrivers);

test('editors see the same keys, required ones and defaults as the validation', () => {
  const services = schema.properties?.['services'];
  const service = typeof services === 'object' ? services.additionalProperties : undefined;
  const rollout = typeof service === 'object' ? service.properties?.['rollout'] : undefined;
  const lease = typeof rollout === 'object' ? rollout.properties?.['lease'] : undefined;

  assert.equal(schema.$schema, 'http://json-schema.org/draft-07/schema#');
  assert.deepEqual(schema.required, ['version', 'system', 'environments', 'services']);
  assert.deepEqual(typeof service === 'object' && service.required, [
    'release',
    'target',
    'balancer',
    'probes',
  ]);
  assert.equal(typeof lease === 'object' && lease.default, '10s');
});

test('defaults and limits are written as people write them', () => {
  const text = JSON.stringify(schema);

  assert.doesNotMatch(text, /9007199254740991/);
  assert.doesNotMatch(text, /"default":30000\b/);
});

test('the known keys of a driver part are those of the driver that the file names', () => {
  const value = { services: { web: { probes: [{ driver: 'tcp' }, { driver: 'http' }] } } };

  const keys = (index: number) => knownKeys(schema, value, ['services', 'web', 'probes', index]);

  assert.deepEqual(keys(0).sort(), ['driver', 'name', 'timeout']);
  assert.ok(keys(1).includes('expect'));
  assert.deepEqual(knownKeys(schema, value, ['services', 'web', 'target']), []);
});
