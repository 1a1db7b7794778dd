import type { Offer } from './pack.ts';
import type { ProjectFacts } from './project-facts.ts';

/** As it is started in a copy of the project. */
export function localProgram(name: string): string {
  return `node_modules/.bin/${name}`;
}

/** How to get packages that a check needs; null when all are there. */
export function missingPackages(
  { package: declaring, installed }: ProjectFacts,
  packages: readonly string[],
): string | null {
  const missing = packages.filter((name) => !installed.has(name));
  if (missing.length === 0) return null;
  const isDeclared = missing.every((name) => declaring?.declared.has(name));
  return isDeclared ? 'npm ci' : `npm install -D ${missing.join(' ')}`;
}

export function isDeclared({ package: declaring, installed }: ProjectFacts, name: string): boolean {
  return installed.has(name) || declaring?.declared.has(name) === true;
}

export function missing(name: string, how: string): Offer {
  return { kind: 'missing', name, how };
}
