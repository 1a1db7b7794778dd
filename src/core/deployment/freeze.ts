/** A freeze: what one person has said about one place, and for how long. */

/** An environment, or one service in it. */
export interface Place {
  readonly environment: string;
  /** Null for all services of the environment. */
  readonly service: string | null;
}

export interface Freeze extends Place {
  readonly id: number;
  readonly actor: string;
  readonly reason: string;
  /** RFC 3339. */
  readonly beganAt: string;
  /** When it ends by itself; null when somebody must lift it. */
  readonly until: string | null;
}

/** `production`, or `production/web`. */
export function placeName({ environment, service }: Place): string {
  return service === null ? environment : `${environment}/${service}`;
}
