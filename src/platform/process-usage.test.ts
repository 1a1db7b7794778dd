import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { test, type TestContext } from 'node:test';
import { LAUNCH_VARIABLE, newLaunch } from './launched-processes.ts';
import { membersOf, readLivingProcesses } from './living-processes.ts';
import { identifyProcess, type ProcessIdentity } from './process-identity.ts';
import { readLaunchUsage } from './process-usage.ts';

/** It says when it runs; in a group of its own. */
async function aProcess(t: TestContext, launch: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', 'console.log(); setInterval(() => {}, 1000)'], {
    ...{ detached: true, stdio: ['ignore', 'pipe', 'ignore'] },
    env: { [LAUNCH_VARIABLE]: launch },
  });
  t.after(() => child.kill('SIGKILL'));
  assert.ok(child.stdout);
  await once(child.stdout, 'data');
  return child;
}

async function identityOf({ pid = 0 }: ChildProcess): Promise<ProcessIdentity> {
  const leader = await identifyProcess(pid);
  assert.ok(leader);
  return leader;
}

test(
  'what a launch takes up is that of all of its processes, in whatever group, and of no other launch',
  { skip: process.platform !== 'linux' },
  async (t) => {
    const launch = newLaunch({});
    const first = await aProcess(t, launch);
    const [apart, part, longer] = [
      await aProcess(t, launch),
      await aProcess(t, newLaunch({ [LAUNCH_VARIABLE]: launch })),
      await aProcess(t, `${launch}0`),
    ];
    const leader = await identityOf(first);

    const living = await readLivingProcesses([leader]);
    const [all, other] = await Promise.all([
      readLaunchUsage({ leader, launch }, living),
      readLaunchUsage({ leader: await identityOf(longer), launch: `${launch}0` }, living),
    ]);

    const members = membersOf({ leader, launch }, living);
    assert.deepEqual([...members].sort(), [first, apart, part].map(({ pid }) => pid).sort());
    assert.ok((all?.memory ?? 0) > 2 * (other?.memory ?? 0), JSON.stringify([all, other]));
  },
);

test(
  'who is older than all that is asked for is not looked at closely',
  { skip: process.platform !== 'linux' },
  async (t) => {
    const launch = newLaunch({});
    const leader = await identityOf(await aProcess(t, launch));
    const future = { ...leader, startTime: `${leader.startTime}9` };

    const [asked, none] = [
      await readLivingProcesses([leader]),
      await readLivingProcesses([future]),
    ];

    assert.deepEqual(asked.launches.get(launch), [leader.pid]);
    assert.equal(none.launches.has(launch), false);
    assert.ok(none.groups.has(leader.pid));
  },
);

test(
  'nothing is told of a launch whose leader has ended',
  { skip: process.platform !== 'linux' },
  async (t) => {
    const launch = newLaunch({});
    const first = await aProcess(t, launch);
    const leader = await identityOf(first);
    const living = await readLivingProcesses([leader]);
    first.kill('SIGKILL');
    await once(first, 'exit');

    assert.equal(await readLaunchUsage({ leader, launch }, living), null);
  },
);
