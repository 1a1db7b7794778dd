import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aPlace } from '../../../../test/support/observed-place-builder.ts';
import { stateDirectoryAt } from '../../../platform/state-directory.ts';
import { addressLeavesMachine } from './address-leaves-machine.ts';

const hosts = {
  ...{ '127.0.0.1': 'broken', '127.8.0.1': 'broken', localhost: 'broken', '::1': 'broken' },
  ...{ '0.0.0.0': 'holds', '::': 'holds', '192.0.2.7': 'holds' },
};

for (const [host, expected] of Object.entries(hosts)) {
  test(`that ${host} is reached from other machines ${expected === 'holds' ? 'holds' : 'does not hold'}`, async () => {
    const place = aPlace({ directory: stateDirectoryAt('/nowhere') }, { host, port: 443 });

    assert.equal((await addressLeavesMachine(place)).state, expected);
  });
}

test('of a balancer that declares no address nothing is known', async () => {
  const place = aPlace({ directory: stateDirectoryAt('/nowhere') }, null);

  assert.equal((await addressLeavesMachine(place)).state, 'unknown');
});
