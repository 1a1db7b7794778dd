/** One deployment's audit log as a live stream: what is recorded, then what comes, until its end. */
import type { Progress } from '../engine/progress-feed.ts';
import type { Engine } from '../engine/start-engine.ts';
import type { Clock } from '../platform/clock.ts';
import type { EventLine } from './contract/answers.ts';

const PAGE = 500;
const HEARTBEAT_MS = 15_000;
/** Progress lines a slow client may lag behind before the oldest are dropped. */
const PROGRESS_MAX = 50;

export async function* deploymentEvents(
  engine: Engine,
  deployment: number,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<EventLine> {
  let progress: ProgressLine[] = [];
  let wake = (): void => undefined;
  const stops = [
    engine.signals.onAudit((changed) => {
      if (changed === null || changed === deployment) wake();
    }),
    engine.progress.subscribe((update) => {
      if (update.deployment !== deployment) return;
      progress = [...progress.map(withoutLook), progressLine(update)].slice(-PROGRESS_MAX);
      wake();
    }),
  ];
  // Whoever attaches sees at once how the step at hand goes.
  const known = engine.progress.lastOf(deployment);
  if (known) progress.push(progressLine(known));
  let last = after;
  try {
    while (!signal.aborted) {
      const woken = new Promise<void>((resolve) => (wake = resolve));
      const entries = await engine.store.readAudit({ deployment, after: last, limit: PAGE });
      for (const entry of entries) {
        yield { kind: 'audit', entry };
        last = entry.sequence;
        if (entry.body.kind === 'DeploymentEnded') return;
      }
      if (entries.length > 0) continue;
      while (progress.length > 0) {
        const update = progress.shift();
        if (update) yield update;
      }
      if (await sleptThrough(engine.clock, woken, signal)) yield { kind: 'heartbeat' };
    }
  } finally {
    for (const stop of stops) stop();
  }
}

type ProgressLine = Extract<EventLine, { kind: 'progress' }>;

function progressLine({ step, text, look }: Progress): ProgressLine {
  return { kind: 'progress', step, text, ...(look && { look }) };
}

/** What a newer one stands for need not wait for a slow client. */
function withoutLook({ kind, step, text }: ProgressLine): ProgressLine {
  return { kind, step, text };
}

/** Whether nothing happened for a heartbeat's time. */
async function sleptThrough(
  clock: Clock,
  woken: Promise<void>,
  signal: AbortSignal,
): Promise<boolean> {
  const over = new AbortController();
  const slept = clock.sleep(HEARTBEAT_MS, AbortSignal.any([signal, over.signal])).then(
    () => true,
    () => false,
  );
  const isSlept = await Promise.race([woken.then(() => false), slept]);
  over.abort();
  return isSlept;
}
