/**
 * Who owns an attempt at a candidate when the stable pool has answered first: its time or its failure
 * counts as any other's, since a candidate whose late answers nobody sees must not look quick.
 */
import type { Duplex } from 'node:stream';
import type { Attempt, AttemptFailure, AttemptOwner } from './attempt.ts';
import type { ScopeTraffic } from './scope-traffic.ts';

export class Outrun implements AttemptOwner {
  readonly isSafe = true;
  readonly isStream = false;
  readonly startedNs: bigint;
  private readonly traffic: ScopeTraffic;
  private readonly before: AttemptOwner;

  constructor(traffic: ScopeTraffic, before: AttemptOwner) {
    this.traffic = traffic;
    this.before = before;
    this.startedNs = before.startedNs;
  }

  answered(attempt: Attempt, statusCode: number): boolean {
    this.traffic.recordAnswer(attempt, statusCode);
    attempt.end();
    return true;
  }

  failed(attempt: Attempt, failure: AttemptFailure): void {
    this.traffic.recordFailure(attempt, failure === 'not-connected' ? 'connectErrors' : 'resets');
  }

  late(attempt: Attempt): void {
    attempt.end();
    this.traffic.recordFailure(attempt, 'timeouts');
  }

  withdrawn(attempt: Attempt): void {
    attempt.end();
  }

  caller(): unknown {
    return this.before.caller();
  }

  nowNs(): bigint {
    return this.before.nowNs();
  }

  isBodyAwaited(): boolean {
    return false;
  }

  hedge(): boolean {
    return false;
  }

  upgraded(attempt: Attempt, _rawHeaders: readonly Buffer[], socket: Duplex): void {
    socket.destroy();
    attempt.end();
  }

  stalled(attempt: Attempt): void {
    attempt.end();
  }

  overran(attempt: Attempt): void {
    attempt.end();
  }

  received(): boolean {
    return true;
  }

  connected(): void {
    // Nobody waits for it.
  }

  informed(): void {
    // The client has its answer.
  }

  completed(): void {
    // It ends at its head.
  }

  broken(): void {
    // It ends at its head.
  }
}
