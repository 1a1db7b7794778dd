/** Taps on all wires of a stand's server, and the strike at one point of them. */
import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import { readPostgresPlace } from '../../../src/platform/postgres-place.ts';
import type { NewsroomStand } from '../../stand/newsroom-stand.ts';
import { findProcess, signalTo, type LivingProcess } from '../process-table.ts';
import type { Strike } from '../strike.ts';
import { untilGone } from '../until-gone.ts';
import { findVictim } from '../victim.ts';
import { tapAgent, type CallFate, type TappedCall } from './agent-tap.ts';
import { tapPostgres, type StatementFate, type TappedStatement } from './postgres-tap.ts';
import { recogniseStatement } from './recognise-statement.ts';
import type { WirePoint } from './wire-point.ts';

export interface WireTarget {
  readonly point: WirePoint;
  readonly step: string;
  /** Of the call that counts at a step; others are passed. */
  readonly verb: 'POST' | 'GET' | null;
}

export interface WireTap {
  /** Strikes once, at the first such point from now on; null when it is disarmed before. */
  arm(target: WireTarget): Promise<Strike | null>;
  disarm(): void;
  close(): Promise<void>;
}

interface Armed extends WireTarget {
  readonly server: LivingProcess;
  /** The step whose intent was committed last. */
  current: string;
  hasFired: boolean;
  readonly resolve: (strike: Strike | null | Promise<Strike>) => void;
}

const READY_MS = 30_000;
const POLL_MS = 5;

/** The server is started anew, so that all its connections pass the taps. */
export async function openWireTap(stand: NewsroomStand): Promise<WireTap> {
  const { directory } = stand;
  const place = await readPostgresPlace(directory);
  if (!place) throw new Error('This stand has no PostgreSQL of its own.');
  const state: { armed: Armed | null } = { armed: null };
  const onStatement = (statement: TappedStatement): StatementFate =>
    state.armed ? fateOfStatement(state.armed, statement) : { kind: 'pass' };
  const onCall = (call: TappedCall): CallFate =>
    state.armed ? fateOfCall(state.armed, call) : { kind: 'pass' };
  const taps = [
    await tapPostgres(join(place.socketDirectory, '.s.PGSQL.5432'), onStatement),
    await tapAgent(directory.edgeSocket, onCall),
    await tapAgent(directory.hostSocket, onCall),
  ];
  const before = await findVictim(stand, 'server');
  signalTo(before, 'SIGKILL');
  await untilServes(stand, before);

  return {
    async arm(target) {
      const server = await findVictim(stand, 'server');
      const { promise, resolve } = Promise.withResolvers<Strike | null>();
      state.armed = { ...target, server, current: '', hasFired: false, resolve };
      return promise;
    },
    disarm() {
      // Nothing is changed by it where the strike was dealt.
      state.armed?.resolve(null);
      state.armed = null;
    },
    async close() {
      for (const tap of taps) await tap.close();
    },
  };
}

function fateOfStatement(armed: Armed, statement: TappedStatement): StatementFate {
  const record = recogniseStatement(statement.text);
  if (record?.place === 'intent') armed.current = record.step;
  const { place, deed } = armed.point;
  if (armed.hasFired || record?.place !== place || record.step !== armed.step) {
    return { kind: 'pass' };
  }
  armed.hasFired = true;
  const what = `the ${place} of ${armed.step}`;
  switch (deed) {
    case 'unsent':
      kill(armed, `before ${what} was sent`);
      return { kind: 'withhold' };
    case 'unread':
    case 'read':
      return {
        kind: 'keep-answer',
        answered: () => kill(armed, `after ${what} was committed, before it knew`),
      };
    case 'cut':
      return {
        kind: 'keep-answer',
        answered() {
          const atMs = Date.now();
          statement.cut();
          const end = { atMs, sentAtMs: atMs, overAtMs: Date.now() };
          const told = `connection cut after ${what} was committed`;
          armed.resolve({ pid: statement.backendPid, ...end, what: told });
        },
      };
    case 'backend':
      return {
        kind: 'tell',
        sent: () => killBackend(armed, statement.backendPid, `inside the commit of ${what}`),
      };
  }
}

function fateOfCall(armed: Armed, call: TappedCall): CallFate {
  const { place, deed } = armed.point;
  if (armed.hasFired || place !== 'verb' || armed.current !== armed.step) return { kind: 'pass' };
  if (call.method !== armed.verb || !isOfStep(call)) return { kind: 'pass' };
  armed.hasFired = true;
  const what = `${call.method} ${call.path.replace(/\?.*/, '')} of ${armed.step}`;
  switch (deed) {
    case 'unsent':
      kill(armed, `before ${what} was sent`);
      return { kind: 'withhold' };
    case 'read':
      return { kind: 'tell', told: () => kill(armed, `after ${what} was answered`) };
    case 'unread':
    case 'cut':
    case 'backend':
      return {
        kind: 'keep-answer',
        answered: () => kill(armed, `after ${what} was done, before it knew`),
      };
  }
}

/** Not the judge's and the keeper's looks, which name no service, and no renewal of a lease. */
function isOfStep({ method, path }: TappedCall): boolean {
  return method === 'POST' ? !path.startsWith('/v1/renew') : path.includes('scope=');
}

/** At once: while the caller of this waits, nothing more is passed on. */
function kill(armed: Armed, what: string): void {
  const atMs = Date.now();
  signalTo(armed.server, 'SIGKILL');
  const sentAtMs = Date.now();
  armed.resolve(
    untilGone(armed.server).then((overAtMs) => {
      return { pid: armed.server.pid, atMs, sentAtMs, overAtMs, what };
    }),
  );
}

function killBackend(armed: Armed, pid: number, what: string): void {
  const atMs = Date.now();
  const backend = { pid, startTick: '' };
  signalTo(backend, 'SIGKILL');
  const sentAtMs = Date.now();
  const gone = async (): Promise<number | null> => {
    const living = await findProcess(pid);
    return living ? untilGone(living) : Date.now();
  };
  armed.resolve(gone().then((overAtMs) => ({ pid, atMs, sentAtMs, overAtMs, what })));
}

async function untilServes(stand: NewsroomStand, before: LivingProcess): Promise<void> {
  const end = performance.now() + READY_MS;
  for (;;) {
    const status = await stand.surefoot(['status', '--json']);
    const pid = await stand.pidOf('server').catch(() => before.pid);
    if (status.exitCode === 0 && pid !== before.pid) return;
    if (performance.now() > end) throw new Error(`The server is not back: ${status.stderr}`);
    await delay(POLL_MS);
  }
}
