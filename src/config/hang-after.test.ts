import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configText } from '../../test/support/config/config-text.ts';
import { headlinesOf, loadText } from '../../test/support/config/load-text.ts';

test('a release hangs when it is slower by far than it may be, unless the file says otherwise', async () => {
  assert.equal(await hangAfterOf(['max: 100ms', 'max: 1s']), 3_000);
  assert.equal(await hangAfterOf(trips('2s')), 2_000);
  assert.equal(await hangAfterOf(trips('never')), undefined);
});

test('a limit that every answer breaks, and none at all, are refused', async () => {
  for (const wrong of ['10ms', 'soon']) {
    const headlines: readonly string[] = await headlinesOf(configText(trips(wrong)));
    assert.equal(headlines.length, 1, wrong);
    assert.match(headlines[0] ?? '', /^surefoot\.yaml:\d+:\d+: .*50ms/);
  }
});

function trips(hangAfter: string): readonly [string, string] {
  return ['timeouts: 3 }', `timeouts: 3, hangAfter: ${hangAfter} }`];
}

async function hangAfterOf(replaced: readonly [string, string]): Promise<number | undefined> {
  const result = await loadText(configText(replaced));
  assert.ok(result.ok, JSON.stringify(result));
  return result.config.services['newsroom']?.rollout.trip.hangAfterMs;
}
