import { setMaxListeners } from 'node:events';
import { performance } from 'node:perf_hooks';
import { arrivalDueMs, dueArrivals, totalArrivals } from './due-arrivals.ts';
import { errorText } from './error-text.ts';
import { createHistoryWriter } from './history-writer.ts';
import { keepSession, type KeptSession, type Session } from './keep-session.ts';
import { createKeyLedger, presentKeys, type Verification } from './key-ledger.ts';
import type { LoadOptions } from './load-options.ts';
import type { Mix, PlanRequest } from './mix.ts';
import { openEventStream } from './open-event-stream.ts';
import { openWebSocket } from './open-web-socket.ts';
import type { Answer, Outcome } from './outcome.ts';
import { readJson } from './read-json.ts';
import { createLoadAgent, sendRequest, type LoadTarget } from './send-request.ts';
import { createTally, type Counts, type Summary } from './tally.ts';

/** A running load. Everything that happens in it goes through `record`, into file and tally. */
export interface LoadRun {
  /** Ends arrivals now; requests in flight are still waited for. */
  readonly stop: () => void;
  mark(text: string): void;
  counts(): Counts & { readonly inFlight: number };
  readonly done: Promise<LoadReport>;
}

export interface LoadReport {
  readonly summary: Summary;
  /** Null without `--verify` or if the mix writes nothing. */
  readonly verification: Verification | UnverifiedRun | null;
}

/** The server would not tell its keys. The run's figures stand all the same. */
export interface UnverifiedRun {
  readonly holds: false;
  readonly problem: string;
}

const drainLimitMs = 12_000;
const sessionRetryDelayMs = 250;
const tickMs = 1;

/** Starts the load as soon as the system under load has told what can be asked of it. */
export async function startLoad(options: LoadOptions, mix: Mix): Promise<LoadRun> {
  const target: LoadTarget = {
    url: options.url,
    agent: createLoadAgent(),
    timeoutMs: options.timeoutMs,
    versionHeader: mix.versionHeader,
  };
  const { seed, runId } = options;
  const ask = (path: string): Promise<unknown> => readJson(target, path);
  const planRequest = await mix.prepare({ seed, runId, readJson: ask });
  const books = openBooks(options);
  const arrivals = startArrivals(options, target, planRequest, books);
  const sessions = startSessions(options, target, mix, books.record);

  return {
    stop: arrivals.stop,
    mark(text) {
      books.history.write({ mark: text, atMs: nowMs() });
    },
    counts: () => ({ ...books.tally.counts(), inFlight: arrivals.inFlight() }),
    done: finish(),
  };

  async function finish(): Promise<LoadReport> {
    const figures = await arrivals.done;
    await Promise.all(sessions.map((session) => session.stop()));
    const verification =
      options.verify && mix.keysPath !== null
        ? await verify(`${mix.keysPath}?prefix=${encodeURIComponent(`${runId}-`)}`)
        : null;
    target.agent.destroy();
    await books.history.close();
    const summary = books.tally.summary({ ...figures, slowKinds: mix.slowKinds });
    return { summary, verification };
  }

  async function verify(path: string): Promise<Verification | UnverifiedRun> {
    try {
      return books.ledger.verify(presentKeys(await ask(path)));
    } catch (error) {
      return { holds: false, problem: errorText(error) };
    }
  }
}

interface Books {
  readonly history: ReturnType<typeof createHistoryWriter>;
  readonly tally: ReturnType<typeof createTally>;
  readonly ledger: ReturnType<typeof createKeyLedger>;
  readonly record: (outcome: Outcome) => void;
}

function openBooks(options: LoadOptions): Books {
  const history = createHistoryWriter(options.outPath);
  const tally = createTally();
  const { url, ratePerSecond, durationMs, seed, mix, runId } = options;
  history.write({
    load: { url, ratePerSecond, durationMs, seed, mix, runId, startedAtMs: nowMs() },
  });
  return {
    history,
    tally,
    ledger: createKeyLedger(),
    record(outcome) {
      history.write(outcome);
      tally.add(outcome);
    },
  };
}

interface Arrivals {
  readonly stop: () => void;
  inFlight(): number;
  readonly done: Promise<{ rateWanted: number; started: number; elapsedMs: number }>;
}

function startArrivals(
  options: LoadOptions,
  target: LoadTarget,
  planRequest: PlanRequest,
  books: Books,
): Arrivals {
  const { ratePerSecond, durationMs } = options;
  const total = totalArrivals(ratePerSecond, durationMs);
  const startMs = nowMs();
  const stopping = new AbortController();
  const abandoning = new AbortController();
  setMaxListeners(0, abandoning.signal);
  const inFlight = new Set<Promise<void>>();
  return {
    stop() {
      stopping.abort();
    },
    inFlight: () => inFlight.size,
    done: run(),
  };

  async function run(): Promise<{ rateWanted: number; started: number; elapsedMs: number }> {
    let started = 0;
    while (started < total && !stopping.signal.aborted) {
      const due = dueArrivals(nowMs() - startMs, ratePerSecond, total);
      for (; started < due; started += 1) send(started);
      const nextMs = startMs + arrivalDueMs(started, ratePerSecond);
      if (started < total) await pauseUntil(nextMs, stopping.signal);
    }
    const elapsedMs = Math.max(nowMs() - startMs, arrivalDueMs(started, ratePerSecond));
    const patience = setTimeout(() => {
      abandoning.abort();
    }, drainLimitMs);
    while (inFlight.size > 0) await Promise.all(inFlight);
    clearTimeout(patience);
    return { rateWanted: ratePerSecond, started, elapsedMs };
  }

  function send(index: number): void {
    const planned = planRequest(index);
    const intendedAtMs = startMs + arrivalDueMs(index, ratePerSecond);
    const startedAtMs = nowMs();
    const answered = sendRequest(target, planned, abandoning.signal).then((answer) => {
      if (planned.clientKey !== null) {
        books.ledger.add(planned.clientKey, answer.outcome === 'ok');
      }
      const { kind, method } = planned;
      const idempotent = method === 'GET';
      const request = { id: String(index), kind, method, idempotent, startedAtMs, intendedAtMs };
      books.record(outcomeOf(request, answer));
      inFlight.delete(answered);
    });
    inFlight.add(answered);
  }
}

function startSessions(
  options: LoadOptions,
  target: LoadTarget,
  mix: Mix,
  record: (outcome: Outcome) => void,
): readonly KeptSession[] {
  const keep = (kind: string, count: number, open: () => Session): readonly KeptSession[] =>
    Array.from({ length: count }, (_, slot) =>
      keepSession({
        open,
        nowMs,
        retryDelayMs: sessionRetryDelayMs,
        record(answer, openedAtMs) {
          const times = { startedAtMs: openedAtMs, intendedAtMs: openedAtMs };
          // No balancer can repeat a stream that has begun, so a cut one is never "idempotent".
          const session = {
            id: `${kind}${slot}`,
            kind,
            method: 'GET',
            idempotent: false,
            ...times,
          };
          record(outcomeOf(session, answer));
        },
      }),
    );
  const { eventStreamPath, webSocketPath } = mix;
  return [
    ...(eventStreamPath === null
      ? []
      : keep('sse', options.eventStreams, () => openEventStream(target, eventStreamPath))),
    ...(webSocketPath === null
      ? []
      : keep('ws', options.webSockets, () => openWebSocket(target, webSocketPath))),
  ];
}

function outcomeOf(request: Omit<Outcome, keyof Answer | 'durationMs'>, answer: Answer): Outcome {
  const startedAtMs = rounded(request.startedAtMs);
  const intendedAtMs = rounded(request.intendedAtMs);
  const durationMs = rounded(nowMs() - request.intendedAtMs);
  return { ...request, startedAtMs, intendedAtMs, durationMs, ...answer };
}

function pauseUntil(atMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, Math.max(tickMs, atMs - nowMs()));
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}

// Wall time that never jumps within a run, so that durations hold and marks of others still fit.
function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
