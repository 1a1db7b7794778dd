/** Which answers are good, as people write it: `200`, `2xx`, `2xx,304`. */

export interface ExpectedStatuses {
  /** As it was written. */
  readonly text: string;
  readonly isGood: (status: number) => boolean;
}

const LIST = /^(?:[2-5]xx|[2-5]\d\d)(?:,(?:[2-5]xx|[2-5]\d\d))*$/;

/** Null when it is no such list. */
export function parseExpectedStatuses(text: string): ExpectedStatuses | null {
  if (!LIST.test(text)) return null;
  const patterns = text.split(',').map((part) => part.replace('xx', ''));
  return {
    text,
    isGood: (status) => patterns.some((pattern) => String(status).startsWith(pattern)),
  };
}
