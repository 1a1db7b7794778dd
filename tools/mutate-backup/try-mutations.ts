/** Tries mutations in turn until there have been so many. */
import type { Draw } from './draw.ts';
import { places } from './kept-backups.ts';
import type { Mutation } from './mutations.ts';
import type { Subject } from './subjects.ts';
import { isAccepted, isHad } from './is-accepted.ts';

export interface Tally {
  readonly kind: string;
  readonly tried: number;
  readonly accepted: number;
}

/** Throws when not even what nobody changed is accepted: then it would show nothing. */
export async function tryMutations(
  mutations: readonly Mutation[],
  {
    subject,
    draw,
    count,
  }: { readonly subject: Subject; readonly draw: Draw; readonly count: number },
): Promise<readonly Tally[]> {
  const { kept, backup } = subject;
  if (!(await isHad(kept, { backup, place: places.first }))) {
    throw new Error('What nobody has changed is not accepted either.');
  }
  const tallies = mutations.map(({ kind }) => ({ kind, tried: 0, accepted: 0 }));
  for (let tried = 0; tried < count; tried += 1) {
    const at = tried % mutations.length;
    const [mutation, tally] = [mutations[at], tallies[at]];
    if (!mutation || !tally) break;
    tally.tried += 1;
    if (await isAccepted(mutation, { ...subject, draw })) tally.accepted += 1;
  }
  return tallies;
}
