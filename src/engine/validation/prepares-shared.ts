import type { NamedCheck } from './run-check.ts';

/** Whether it makes something in the copy that all look at, also those that do not say that they need it. */
export function preparesShared({ reader, ownCopy }: NamedCheck): boolean {
  return reader === null && ownCopy !== true;
}
