import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { createFaultInjector, spoil, type Fate } from './fault-injector.ts';
import type { Fault, Release } from './release.ts';

const releases = JSON.parse(
  await readFile(new URL('../releases.json', import.meta.url), 'utf8'),
) as Record<string, Omit<Release, 'version'>>;

test('the good releases have no fault', () => {
  assert.deepEqual(['1.0', '2.0', '4.0'].map(faultOf), [null, null, null]);
});

test('3.0 fails ten of a thousand requests, and always the same', async () => {
  const first = await fates(faultOf('3.0'), 1000);

  assert.equal(first.filter((fate) => fate === 'fail').length, 10);
  assert.equal(first.indexOf('fail'), 33);
  assert.deepEqual(first, await fates(faultOf('3.0'), 1000));
});

test('3.7 gives back what was typed, 3.8 leaves headers out, and both leave the rest alone', () => {
  const answer = {
    status: 200,
    headers: { 'content-security-policy': "default-src 'none'", 'content-type': 'text/html' },
    body: '<p>Search: &lt;b&gt;</p> &lt;i&gt;',
  };
  const search = '/search?q=%3Cb%3E';

  assert.equal(spoil(answer, faultOf('3.7'), search).body, '<p>Search: <b></p> &lt;i&gt;');
  assert.deepEqual(spoil(answer, faultOf('3.8'), search).headers, { 'content-type': 'text/html' });
  for (const version of ['3.0', '3.9', '3.10', '4.0']) {
    assert.deepEqual(spoil(answer, faultOf(version), search), answer);
  }
  assert.deepEqual(spoil(answer, faultOf('3.7'), '/search'), answer);
});

test('3.9 keeps the processor for as long as it says', async () => {
  let nowMs = 0;
  const meetFault = createFaultInjector(faultOf('3.9'), () => (nowMs += 1));

  assert.equal(await meetFault('/'), 'pass');
  assert.equal(nowMs, 14);
});

test('3.2 lets about half of the requests hang', async () => {
  const hung = (await fates(faultOf('3.2'), 1000)).filter((fate) => fate === 'hang').length;

  assert.ok(hung > 450 && hung < 550, String(hung));
});

test('3.4 counts its 20 seconds from the first request, not from the start', async () => {
  let nowMs = 100_000;
  const meetFault = createFaultInjector(faultOf('3.4'), () => nowMs);
  const next100 = async () => {
    const met = await Promise.all(Array.from({ length: 100 }, () => meetFault('/')));
    return met.filter((fate) => fate === 'fail').length;
  };

  assert.equal(await next100(), 0);
  nowMs += 19_999;
  assert.equal(await next100(), 0);
  nowMs += 1;
  assert.ok((await next100()) > 50);
});

function faultOf(version: string): Fault | null {
  const release = releases[version];
  assert.ok(release);
  return release.fault;
}

async function fates(fault: Fault | null, count: number): Promise<readonly Fate[]> {
  const meetFault = createFaultInjector(fault, () => 0);
  const all: Fate[] = [];
  for (let i = 0; i < count; i++) all.push(await meetFault('/'));
  return all;
}
