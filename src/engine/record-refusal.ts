/** Writes down what was asked for and refused: the audit log knows who tried, too. */
import type { AuditBody } from '../core/audit/audit-entry.ts';
import { OperationalError } from '../core/operational-error.ts';
import type { EngineContext } from './engine-context.ts';

type Refused = Extract<AuditBody, { kind: 'RequestRefused' }>;

/** Passes on what `answer` gives; a refusal is recorded before it is thrown. */
export async function recordRefusal<Result>(
  { store }: Pick<EngineContext, 'store'>,
  asked: Pick<Refused, 'request' | 'reason'> & {
    readonly scope: string | null;
    readonly actor: string;
  },
  answer: () => Promise<Result>,
): Promise<Result> {
  try {
    return await answer();
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    const { scope, actor, request, reason } = asked;
    const body: Refused = { kind: 'RequestRefused', request, failure: error.failure, reason };
    await store.appendAudit([{ scope, deployment: null, actor, key: null, body }]);
    throw error;
  }
}
