/**
 * How many requests of a service may be asked once more in the pool that failed them: paid for by good
 * answers. When hardly any come, what is down already must not get every request twice.
 */

/** As many as may be in flight at an instance that dies in a service that is well. */
const LEFT_MAX = 1_000;
/** Of a service from which no answer has come yet. */
const LEFT_AT_FIRST = 100;
const PER_ANSWER = 0.2;

export class RetryBudget {
  /** Requests that were not asked once more because too little was left. */
  withheld = 0;
  private left = LEFT_AT_FIRST;

  answered(): void {
    this.left = Math.min(LEFT_MAX, this.left + PER_ANSWER);
  }

  /** False when nothing is left. */
  take(): boolean {
    if (this.left < 1) {
      this.withheld += 1;
      return false;
    }
    this.left -= 1;
    return true;
  }
}
