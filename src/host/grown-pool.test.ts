import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { hostBench, type HostBench } from '../../test/support/host/running-host.ts';
import type { PoolObservation, PoolSpec } from '../core/model/pool.ts';
import type { InstanceRecord, PoolRecord } from './host-records.ts';
import { openRecordStore } from './record-store.ts';

async function ensure(bench: HostBench, spec: PoolSpec, sequence: number) {
  const body = { spec, token: { deployment: 1, sequence } };
  return (await bench.post('/v1/ensure', body)) as PoolObservation;
}

const pidsOf = ({ instances }: PoolObservation) => instances.map(({ pid }) => pid);

/** What a host leaves behind that dies within the growth of a pool from one instance to two. */
async function leaveHalfGrown(bench: HostBench, isPoolRecorded: boolean): Promise<void> {
  const { host } = bench.stateDirectory;
  const records = await openRecordStore(host);
  const first = await records.loadInstance('test.web.1.0' as InstanceRecord['id']);
  assert.ok(first);
  await records.saveInstance({
    ...first,
    id: 'test.web.1.1' as InstanceRecord['id'],
    port: first.port + 1,
    launch: null,
    process: null,
  });
  if (!isPoolRecorded) return;
  const path = join(host, 'pools/test.web.1.json');
  const pool = JSON.parse(await readFile(path, 'utf8')) as PoolRecord;
  await writeFile(path, JSON.stringify({ ...pool, spec: { ...pool.spec, instances: 2 } }));
}

for (const isPoolRecorded of [false, true]) {
  const place = isPoolRecorded ? 'behind' : 'before';
  test(`a host that dies ${place} the record of a larger pool leaves one that the next host completes`, async (context) => {
    const bench = await hostBench(context);
    const spec = await bench.spec(1);
    const first = await bench.start();
    const [pid] = pidsOf(await ensure(bench, spec, 1));
    await first.close();
    await leaveHalfGrown(bench, isPoolRecorded);

    await bench.start();
    const [between] = await bench.pools();
    const grown = await ensure(bench, { ...spec, instances: 2 }, 2);
    const again = await ensure(bench, { ...spec, instances: 2 }, 2);

    assert.equal(between?.instances.filter(({ state }) => state === 'accepting').length, 1);
    assert.equal(pidsOf(grown)[0], pid);
    assert.deepEqual(
      grown.instances.map(({ state }) => state),
      ['accepting', 'accepting'],
    );
    assert.deepEqual(pidsOf(again), pidsOf(grown));
  });
}
