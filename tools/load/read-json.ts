import type { LoadTarget } from './send-request.ts';

/**
 * Reads a JSON document for the load client's own needs, not as part of the load: so it asks again
 * for a while, for a run must not fail because the system was just being started.
 */
export async function readJson(target: LoadTarget, path: string): Promise<unknown> {
  const attempts = 20;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const signal = AbortSignal.timeout(target.timeoutMs);
      const answer = await fetch(new URL(path, target.url), { signal });
      if (answer.ok) return await answer.json();
      await answer.body?.cancel();
      throw new Error(`GET ${path} answered ${answer.status}`);
    } catch (error) {
      // What is no JSON now will be none later.
      if (attempt === attempts || error instanceof SyntaxError) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}
