/** V3 of a project for Node: what it is made of, and what is known to be wrong with that. */
import { oldLibrary, vulnerableProject } from './bait.ts';
import { localProgram, missing, missingPackages } from './local-program.ts';
import type { Offer } from './pack.ts';
import type { ProjectFacts } from './project-facts.ts';

const RETIRE_DATABASE = '@salesforce/code-analyzer-retirejs-engine';

export const dependencyPackages = ['retire', RETIRE_DATABASE];

export function dependencyOffers(facts: ProjectFacts): readonly Offer[] {
  return [npmAudit(facts), npmSbom(facts), retire(facts)].filter((offer) => offer !== null);
}

const LOCKS = ['package-lock.json', 'npm-shrinkwrap.json'];

function npmAudit({ files, programs }: ProjectFacts): Offer {
  if (!programs.has('npm')) return missing('npm-audit', 'install npm');
  if (!LOCKS.some((name) => files.has(name))) {
    const others = ['pnpm-lock.yaml', 'yarn.lock', 'bun.lock'].filter((name) => files.has(name));
    const [other] = others;
    if (other === undefined) return missing('npm-audit', 'npm install, which writes a lock file');
    return missing('npm-audit', `npm cannot read ${other}: see osv and trivy in the pack generic`);
  }
  return {
    ...{ kind: 'check', name: 'npm-audit' },
    check: {
      about: [
        'Asks the registry. Without a registry that answers it finds nothing, so that it must find',
        'what is planted apart: a lock file with lodash 4.17.15.',
      ],
      row: 'V3',
      run: ['npm', 'audit', '--json'],
      report: { driver: 'npm-audit', level: 'medium', max: 0 },
      plantApart: vulnerableProject,
    },
  };
}

/** Asks for `jschardet@latest`, which npm takes for a version that does not fit. */
const ODD = { name: '@microsoft/eslint-formatter-sarif', needs: 'jschardet' };

function npmSbom({ package: declaring, programs, installed }: ProjectFacts): Offer | null {
  // Nothing to list shows nothing.
  if (!declaring || declaring.declared.size === 0 || !programs.has('npm')) return null;
  if (installed.has(ODD.name) && !declaring.overridden.has(ODD.needs)) {
    const how = `npm refuses ${ODD.needs} as ${ODD.name} asks for it; npm pkg set overrides.${ODD.needs}='>=4', then npm install`;
    return missing('sbom', how);
  }
  return {
    ...{ kind: 'check', name: 'sbom' },
    check: {
      about: [
        'All that is installed: with --omit=dev npm leaves out what is needed at run time and in tests.',
        'To allow some licences only: licences: { allow: [MIT] }',
      ],
      row: 'V3',
      run: ['npm', 'sbom', '--sbom-format=cyclonedx'],
      report: { driver: 'cyclonedx', components: 1 },
    },
  };
}

function retire(facts: ProjectFacts): Offer {
  const how = missingPackages(facts, ['retire', RETIRE_DATABASE]);
  if (how !== null) return missing('retire', how);
  const database = `node_modules/${RETIRE_DATABASE}/vulnerabilities/RetireJsVulns.json`;
  return {
    ...{ kind: 'check', name: 'retire' },
    check: {
      about: [
        'Old libraries in files, by a database of its own: asks nobody. It ends with 13 when it finds some.',
      ],
      row: 'V3',
      run: [
        ...[localProgram('retire'), '--path', '.', '--jsrepo', database, '--verbose'],
        ...['--outputformat', 'json', '--outputpath', '{report}'],
      ],
      report: { driver: 'retire', level: 'medium', max: 0 },
      plant: { 'surefoot-bait.js': oldLibrary },
    },
  };
}
