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

test('where requests time out sooner than they would hang, there is no such limit', async () => {
  assert.equal(await hangAfterOf(['max: 100ms', 'max: 1333ms']), 3_999);
  assert.equal(await hangAfterOf(['max: 100ms', 'max: 1334ms']), undefined);
  assert.equal(await hangAfterOf(['requestTimeout: 4s', 'requestTimeout: 300ms']), undefined);
  assert.equal(await hangAfterOf(['requestTimeout: 4s', 'requestTimeout: 301ms']), 300);
});

test('what no request could ever wait for is refused where it stands, with what to do', async () => {
  const refused: readonly string[] = await headlinesOf(configText(trips('4s'), ['100ms', '5s']));

  assert.deepEqual(refused, [
    "surefoot.yaml:36:40: max (5s) must be shorter than the balancer's requestTimeout (4s), or no answer could ever be too slow; lower it or raise requestTimeout",
    "surefoot.yaml:37:74: hangAfter (4s) must be shorter than the balancer's requestTimeout (4s), or every request times out before it hangs; lower it, say never, or raise requestTimeout",
  ]);
  assert.equal(await hangAfterOf(trips('3999ms')), 3_999);
});

test('a limit that nobody wrote is refused nowhere', async () => {
  const quick = ['requestTimeout: 4s', 'requestTimeout: 100ms'] as const;
  const unwritten = [', max: 100ms', ''] as const;

  assert.deepEqual(await headlinesOf(configText(quick, unwritten)), []);
  assert.equal((await headlinesOf(configText(quick))).length, 1);
});

function trips(hangAfter: string): readonly [string, string] {
  return ['timeouts: 3 }', `timeouts: 3, hangAfter: ${hangAfter} }`];
}

async function hangAfterOf(replaced: readonly [string, string]): Promise<number | undefined> {
  const result = await loadText(configText(replaced));
  assert.ok(result.ok, JSON.stringify(result));
  return result.config.services['newsroom']?.rollout.trip.hangAfterMs;
}
