/** Writes down what was asked for and refused: the audit log knows who tried, too. */
import type { AuditBody } from '../core/audit/audit-entry.ts';
import { OperationalError } from '../core/operational-error.ts';
import type { EngineContext } from './engine-context.ts';

type Refused = Extract<AuditBody, { kind: 'RequestRefused' }>;

/** Passes on what `answer` gives; a refusal is recorded before it is thrown. */
export async function recordRefusal<Result>(
  { store }: Pick<EngineContext, 'store'>,
  asked: Pick<Refused, 'request' | 'reason'> & {
    /** Each gets an entry; without any there is one. */
    readonly scopes: readonly string[];
    readonly actor: string;
  },
  answer: () => Promise<Result>,
): Promise<Result> {
  try {
    return await answer();
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    const { scopes, actor, request, reason } = asked;
    const body: Refused = { kind: 'RequestRefused', request, failure: error.failure, reason };
    const entryOf = (scope: string | null) => ({ scope, deployment: null, actor, key: null, body });
    await store.appendAudit(scopes.length === 0 ? [entryOf(null)] : scopes.map(entryOf));
    throw error;
  }
}
