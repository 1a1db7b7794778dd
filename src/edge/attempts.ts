/**
 * The attempts of one request that are under way: one, or two while it is hedged, of which the first good
 * answer is the client's.
 */
import type { Attempt, AttemptOwner } from './attempt.ts';
import { Outrun } from './outrun.ts';
import type { ScopeTraffic } from './scope-traffic.ts';

export class Attempts {
  /** The newest; while there is a rival, the one at the candidate. */
  current: Attempt | null = null;
  /** The same request at the stable pool. */
  rival: Attempt | null = null;

  get isLive(): boolean {
    return this.current?.isLive === true;
  }

  /** This one has a good answer: the other is ended, or goes on for its time to be counted. */
  win(attempt: Attempt, owner: AttemptOwner, traffic: ScopeTraffic): void {
    const { rival, current } = this;
    if (rival === null) return;
    this.rival = null;
    if (attempt !== rival) {
      rival.end();
      return;
    }
    traffic.hedging?.won();
    if (current !== null) current.owner = new Outrun(traffic, owner);
    this.current = rival;
  }

  /** This one has failed: the other goes on alone. False when there is no other. */
  loseTo(attempt: Attempt): boolean {
    const { rival } = this;
    if (rival === null) return false;
    attempt.end();
    if (attempt !== rival) this.current = rival;
    this.rival = null;
    return true;
  }

  /** Nobody waits any more. */
  end(): void {
    this.rival?.end();
    this.rival = null;
    this.current?.end();
  }
}
