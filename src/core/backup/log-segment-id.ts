/** What a segment of a log is called: `<stretch>-<number>`, the number in 16 hexadecimal digits, so that names are in its order. */

export interface SegmentName {
  /** Of one server, whose history never split: only within it one number follows another. */
  readonly stretch: string;
  readonly number: number;
}

const ID = /^([0-9a-z-]{1,100})-([0-9a-f]{16})$/;

export function segmentId({ stretch, number }: SegmentName): string {
  return `${stretch}-${number.toString(16).padStart(16, '0')}`;
}

/** Null of what is none. */
export function segmentNamed(id: string): SegmentName | null {
  const [, stretch = '', digits = ''] = ID.exec(id) ?? [];
  const number = Number.parseInt(digits, 16);
  return Number.isSafeInteger(number) ? { stretch, number } : null;
}

/** Null of what is none. */
export function segmentBehind(id: string): string | null {
  const name = segmentNamed(id);
  return name && segmentId({ ...name, number: name.number + 1 });
}
