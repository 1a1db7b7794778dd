/** What would change when a backup takes the place of what is live, for whoever must say yes to it. */
import type { ContentPart } from './content.ts';

export interface ReplacedPart {
  readonly name: string;
  /** Rows or bytes; null where it is not. */
  readonly now: number | null;
  readonly inBackup: number | null;
}

export interface Replaced {
  /** Those that are not the same, definitions apart; by name. */
  readonly parts: readonly ReplacedPart[];
  readonly same: number;
  readonly definitions: number;
}

export function replacedParts(
  live: readonly ContentPart[],
  taken: readonly ContentPart[],
): Replaced {
  const now = new Map(live.map((part) => [part.name, part]));
  const then = new Map(taken.map((part) => [part.name, part]));
  const names = [...new Set([...now.keys(), ...then.keys()])].sort();
  const others = names.filter((name) => {
    const [one, other] = [now.get(name), then.get(name)];
    return one?.size !== other?.size || one?.hash !== other?.hash;
  });
  const isDefinition = (name: string) => (now.get(name) ?? then.get(name))?.isDefinition === true;
  const sizeIn = (parts: typeof now, name: string) => parts.get(name)?.size ?? null;
  return {
    parts: others
      .filter((name) => !isDefinition(name))
      .map((name) => ({ name, now: sizeIn(now, name), inBackup: sizeIn(then, name) })),
    same: names.length - others.length,
    definitions: others.filter(isDefinition).length,
  };
}
