/** What people ask in a run, as the API writes it down; whoever listens is told. */
import type { NewOperatorRequest } from '../../src/core/deployment/operator-request.ts';
import { requestEntry } from '../../src/engine/ask-deployment.ts';
import type { RunParts } from './simulated-run.ts';

export function tellListeners({ weather, listeners }: RunParts): void {
  if (weather.is('database-away')) return;
  for (const { process, callback } of [...listeners]) process.deliver(callback);
}

/** False when the deployment has ended. */
export function ask(parts: RunParts, request: NewOperatorRequest): boolean {
  const { plan, store } = parts;
  const id = store.addRequest(plan.deployment, request, (asked) => [
    requestEntry(plan, asked, request),
  ]);
  if (id !== null) tellListeners(parts);
  return id !== null;
}
