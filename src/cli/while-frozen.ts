/** Has nothing brought forward in a service while something under it is replaced; goes on where no server can be asked. */
import { OperationalError, operationalError } from '../core/operational-error.ts';
import { actorName } from './actor.ts';
import type { ApiClient } from './api-client.ts';
import { apiOf, type CliSession } from './cli-session.ts';

/** One that was killed leaves its freeze, which ends by itself. */
const FREEZE_MS = 24 * 60 * 60_000;

export interface FrozenPlace {
  readonly environment: string;
  readonly service: string;
  readonly reason: string;
}

/** `work` gets null where no server answers. Throws `scope-busy` while a deployment runs in the environment. */
export async function whileFrozen<Result>(
  session: CliSession,
  { environment, service, reason }: FrozenPlace,
  work: (api: ApiClient | null) => Promise<Result>,
): Promise<Result> {
  const api = apiOf(session);
  const until = new Date(session.environment.clock.wallMs() + FREEZE_MS).toISOString();
  const actor = actorName();
  const places = [{ environment, service }];
  const freezes = await unlessUnreachable(api.freeze({ actor, reason, until, places }));
  if (freezes === null) {
    session.output.progress(
      'No server can be asked: nothing keeps a deployment off meanwhile, and the audit log gets no entry.',
    );
    return work(null);
  }
  try {
    // Behind the freeze: whatever began before it is seen here.
    const { services } = await api.status();
    const busy = services.find(
      (each) => each.environment === environment && each.last.status === 'running',
    );
    if (busy) {
      const message = `Deployment ${busy.last.id} of ${environment} has not ended.`;
      throw operationalError('scope-busy', message, { details: { running: busy.last.id } });
    }
    return await work(api);
  } finally {
    await api
      .unfreeze({ actor, reason, freezes: freezes.map(({ id }) => id) })
      .catch((error: unknown) => {
        if (!(error instanceof OperationalError)) throw error;
        const place = `${environment}/${service}`;
        session.output.warn(
          `${place} is frozen yet (${error.message}): surefoot unfreeze ${place}`,
        );
      });
  }
}

async function unlessUnreachable<Answer>(answer: Promise<Answer>): Promise<Answer | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof OperationalError && error.failure.code === 'agent-unreachable')
      return null;
    throw error;
  }
}
