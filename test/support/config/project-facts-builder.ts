import type { ProjectFacts } from '../../../src/config/packs/project-facts.ts';
import { packs } from '../../../src/config/packs/packs.ts';

interface Changes extends Partial<Omit<ProjectFacts, 'files' | 'installed' | 'programs'>> {
  readonly files?: readonly string[];
  readonly installed?: readonly string[];
  readonly declared?: readonly string[];
  readonly overridden?: readonly string[];
  readonly programs?: readonly string[];
  readonly scripts?: Readonly<Record<string, string>>;
}

/** A project for Node with nothing in it. */
export function someFacts(changes: Changes = {}): ProjectFacts {
  const {
    files = [],
    installed = [],
    declared = [],
    overridden = [],
    programs = [],
    scripts = {},
  } = changes;
  return {
    package: { scripts, declared: new Set(declared), overridden: new Set(overridden) },
    localPrograms: new Set(),
    host: { debian: null, scapContents: [] },
    ...changes,
    ...{ files: new Set(files), installed: new Set(installed), programs: new Set(programs) },
  };
}

/** Of everything that any pack asks for. */
export function allFacts(): ProjectFacts {
  const installed = packs.flatMap(({ packages }) => packages);
  return someFacts({
    files: ['eslint.config.mjs', '.secretlintrc.json', 'package-lock.json', 'tsconfig.json'],
    ...{ installed, programs: packs.flatMap(({ programs }) => programs) },
    package: {
      scripts: { test: 'node --test' },
      ...{ declared: new Set(installed), overridden: new Set(['jschardet']) },
    },
    localPrograms: new Set(installed),
    host: {
      debian: '13',
      scapContents: ['/content/ssg-debian12-ds.xml', '/content/ssg-debian13-ds.xml'],
    },
  });
}
