/**
 * A compliance report as OSCAL assessment results (NIST, version 1.1.3): what was observed of each control, with the
 * digests of the reports that show it, and whether it is satisfied. The same report gives the same document.
 */
import type { ComplianceReport } from '../compliance-report.ts';
import { uuidOf } from './uuid-of.ts';

export interface OscalOptions {
  /** Of the compliance report as it is kept: every name in the document comes from it. */
  readonly digest: `sha256:${string}`;
  /** Where the document finds a file that lies below the folder of the run. */
  readonly hrefOf: (path: string) => string;
  /** Of the compliance report itself. */
  readonly path: string;
}

type Answer = ComplianceReport['controls'][number];
type Shown = Answer['evidence'][number];

interface Naming extends OscalOptions {
  readonly uuid: (what: string) => string;
  readonly report: ComplianceReport;
}

const OSCAL_VERSION = '1.1.3';
const PROPERTIES = 'https://surefoot.example/ns/oscal';

export function assessmentResults(report: ComplianceReport, options: OscalOptions) {
  const uuid = (what: string): string => uuidOf(`${options.digest} ${what}`);
  const naming: Naming = { ...options, uuid, report };
  const { system, service, environment, profile, endedAt, surefoot } = report;
  return {
    'assessment-results': {
      uuid: uuid('document'),
      metadata: {
        title: `${profile.title}: ${service} of ${system} in ${environment}`,
        'last-modified': endedAt,
        version: endedAt,
        'oscal-version': OSCAL_VERSION,
        props: [property('tool', 'surefoot'), property('tool-version', surefoot)],
      },
      // The profile is the plan: it says what is looked at, and by what.
      'import-ap': { href: `#${uuid('profile')}` },
      results: [resultOf(naming)],
      'back-matter': { resources: resourcesOf(naming) },
    },
  };
}

function resultOf(naming: Naming) {
  const { report, uuid } = naming;
  const { controls, criteria, outcome, profile, startedAt, endedAt } = report;
  const judged = controls.filter(({ outcome: became }) => became !== 'not-applicable');
  const observations = controls.flatMap((control) => observationsOf(naming, control));
  return {
    uuid: uuid('result'),
    title: `Controls of ${profile.name}: ${outcome}`,
    description: criteria
      .map(({ what, observed, limit }) => `${what}: ${observed} (${limit})`)
      .join('\n'),
    start: startedAt,
    end: endedAt,
    props: [property('outcome', outcome)],
    'reviewed-controls': { 'control-selections': [selectionOf(controls)] },
    // Lists that would be empty are left out.
    observations: observations.length > 0 ? observations : undefined,
    findings: judged.length > 0 ? judged.map((each) => findingOf(naming, each)) : undefined,
  };
}

/** What does not apply is left out by name, never silently. */
function selectionOf(controls: readonly Answer[]) {
  const idsOf = (applies: boolean) =>
    controls
      .filter(({ outcome }) => (outcome !== 'not-applicable') === applies)
      .map(({ id }) => ({ 'control-id': id }));
  const [included, excluded] = [idsOf(true), idsOf(false)];
  return {
    ...(included.length > 0 && { 'include-controls': included }),
    ...(excluded.length > 0 && { 'exclude-controls': excluded }),
  };
}

interface Observation {
  readonly uuid: string;
  readonly title: string;
  readonly description: string;
  readonly methods: readonly string[];
  readonly types: readonly string[];
  readonly collected: string;
  readonly props: readonly Property[];
  readonly 'relevant-evidence': readonly { readonly href: string; readonly description: string }[];
}

function observationsOf(naming: Naming, control: Answer): readonly Observation[] {
  const { uuid, report } = naming;
  const common = { types: ['control-objective'], collected: report.endedAt };
  const exemption = exemptionOf(control);
  // What nobody looked at was not tested; that, too, is on record.
  if (control.evidence.length === 0) {
    const description = control.message ?? control.outcome;
    const props = [property('outcome', control.outcome), ...exemption];
    return [
      {
        ...{ uuid: uuid(`observation ${control.id} 0`), title: control.title, description },
        ...{ methods: ['EXAMINE'], ...common, props },
        'relevant-evidence': [{ href: `#${uuid('report')}`, description }],
      },
    ];
  }
  return control.evidence.map((shown, index) => ({
    uuid: uuid(`observation ${control.id} ${index}`),
    title: shown.name === '' ? control.title : `${control.title}: ${shown.name}`,
    ...{ description: shown.observed, methods: [methodOf(shown)], ...common },
    props: [property('outcome', shown.outcome), property('evidence', shown.kind), ...exemption],
    'relevant-evidence': [evidenceOf(naming, shown)],
  }));
}

function methodOf({ outcome }: Shown): string {
  return outcome === 'not-checked' ? 'UNKNOWN' : 'TEST';
}

function evidenceOf({ uuid }: Naming, { report, observed }: Shown) {
  return report
    ? { href: `#${uuid(`file ${report.path}`)}`, description: `${report.path}, ${report.digest}` }
    : { href: `#${uuid('report')}`, description: observed };
}

function exemptionOf({ exemption }: Answer): readonly Property[] {
  if (!exemption) return [];
  const { owner, until, isInForce } = exemption;
  return [
    property('not-applicable-owner', owner),
    property('not-applicable-until', until),
    property('not-applicable-in-force', String(isInForce)),
  ];
}

function findingOf(naming: Naming, control: Answer) {
  const { uuid } = naming;
  const observations = observationsOf(naming, control).map((each) => ({
    'observation-uuid': each.uuid,
  }));
  return {
    uuid: uuid(`finding ${control.id}`),
    title: control.title,
    description: control.message ?? 'All of its evidence shows that it holds.',
    props: [property('source', control.source), property('level', control.level)],
    target: {
      type: 'objective-id',
      'target-id': control.id,
      status: statusOf(control),
    },
    'related-observations': observations,
  };
}

/** What could not be found out is not satisfied, and for another reason than a failure. */
function statusOf({ outcome }: Answer) {
  switch (outcome) {
    case 'passed':
      return { state: 'satisfied', reason: 'pass' };
    case 'failed':
      return { state: 'not-satisfied', reason: 'fail' };
    case 'error':
    case 'not-checked':
    case 'not-applicable':
      return { state: 'not-satisfied', reason: 'other', remarks: outcome };
  }
}

function resourcesOf(naming: Naming) {
  const { report, uuid, hrefOf, digest, path } = naming;
  const { profile, controls } = report;
  const shown = controls.flatMap(({ evidence }) => evidence);
  const files = new Map(shown.flatMap(({ report: file }) => (file ? [[file.path, file]] : [])));
  const kept = [...files.values()].map((file) => ({
    uuid: uuid(`file ${file.path}`),
    title: file.path,
    rlinks: [{ href: hrefOf(file.path), hashes: [hashOf(file.digest)] }],
  }));
  return [
    {
      uuid: uuid('profile'),
      title: profile.title,
      description: `The profile ${profile.where}, ${profile.digest}`,
      props: [property('digest', profile.digest)],
    },
    {
      uuid: uuid('report'),
      title: 'The compliance report',
      rlinks: [{ href: hrefOf(path), 'media-type': 'application/json', hashes: [hashOf(digest)] }],
    },
    ...kept,
  ];
}

function hashOf(digest: string) {
  return { algorithm: 'SHA-256', value: digest.slice('sha256:'.length) };
}

interface Property {
  readonly name: string;
  readonly ns: string;
  readonly value: string;
}

/** Values of properties are one line that begins and ends with something. */
function property(name: string, value: string): Property {
  const line = value.replace(/\s+/g, ' ').trim();
  return { name, ns: PROPERTIES, value: line === '' ? '-' : line };
}
