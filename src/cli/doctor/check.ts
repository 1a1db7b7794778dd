/** One thing that the doctor looked at. */
export interface Check {
  readonly name: string;
  /** `warning`: Surefoot works, but not everything can be said or done now. */
  readonly status: 'ok' | 'warning' | 'fault';
  readonly found: string;
  /** Empty when there is nothing to do. */
  readonly remedy: string;
}

export function fine(name: string, found: string): Check {
  return { name, status: 'ok', found, remedy: '' };
}

export function warning(name: string, found: string, remedy: string): Check {
  return { name, status: 'warning', found, remedy };
}

export function fault(name: string, found: string, remedy: string): Check {
  return { name, status: 'fault', found, remedy };
}
