const NUMBER = /^\d+$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const HEXADECIMAL = /^(?=.*\d)[0-9a-f]{12,}$/i;
/** Letters and digits mixed, as in random ids; words of people have few digits. */
const RANDOM = /^(?=(?:.*\d){3})(?=.*[a-z])[a-z0-9+=.]{16,}$/i;
const LENGTH_MAX = 48;

/**
 * A segment of a path, or a key of an object, as it is learned by: what names one thing of many is
 * `*`. So is what may be somebody's address, which must not be kept.
 */
export function foldSegment(segment: string): string {
  const isOfMany =
    segment.length > LENGTH_MAX ||
    NUMBER.test(segment) ||
    UUID.test(segment) ||
    HEXADECIMAL.test(segment) ||
    RANDOM.test(segment) ||
    segment.includes('@') ||
    segment.includes('%40');
  return isOfMany ? '*' : segment;
}
