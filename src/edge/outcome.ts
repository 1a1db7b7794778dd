/** What becomes of a client's request, told to the client and counted: a failure at most once. */
import type { FencingToken } from '../core/model/fencing-token.ts';
import type { Attempt } from './attempt.ts';
import type { ClientAnswer } from './client-answer.ts';
import { NO_ENDPOINT, type EdgeError } from './edge-error.ts';
import type { LivePool } from './live-pool.ts';
import type { ScopeTraffic } from './scope-traffic.ts';

interface Sender {
  readonly pool: LivePool;
  readonly token: FencingToken;
}

export class Outcome {
  private hasFailed = false;
  private readonly traffic: ScopeTraffic;
  private readonly answer: ClientAnswer;
  private readonly isSafe: boolean;

  constructor(traffic: ScopeTraffic, answer: ClientAnswer, isSafe: boolean) {
    this.traffic = traffic;
    this.answer = answer;
    this.isSafe = isSafe;
  }

  /** The client has a failure of the pool before it, or a part of an answer. */
  failed({ pool, token }: Sender): void {
    if (this.hasFailed) return;
    this.hasFailed = true;
    this.traffic.recordClientError(pool, token, this.isSafe);
  }

  fail(error: EdgeError, attempt: Attempt): void {
    this.failed(attempt);
    this.answer.fail(error);
  }

  /** Nobody could be asked; `sender` is who failed before that. */
  noCapacity(sender: Sender | null): void {
    if (sender === null) this.traffic.recordNoCapacity(this.isSafe);
    else this.failed(sender);
    this.answer.fail(NO_ENDPOINT);
  }

  /** For what the client did: no pool's failure. */
  refuse(error: EdgeError): void {
    if (this.answer.isOver) return;
    this.traffic.recordRefusal(error[0]);
    if (this.answer.hasBegun) this.answer.cut();
    else this.answer.fail(error);
  }
}
