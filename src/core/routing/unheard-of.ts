/** Which instances have said nothing yet under the split in force: what others answer says nothing of them. */
import { compareTokens, type FencingToken } from '../model/fencing-token.ts';
import type { InstanceId } from '../model/ids.ts';

/** `answeredUnder`: the split of the last request that it answered at all; null without one. */
export function unheardOf(
  instances: readonly {
    readonly instance: InstanceId;
    readonly answeredUnder: FencingToken | null;
  }[],
  inForce: FencingToken,
): readonly InstanceId[] {
  return instances
    .filter(({ answeredUnder: under }) => under === null || compareTokens(under, inForce) !== 0)
    .map(({ instance }) => instance);
}
