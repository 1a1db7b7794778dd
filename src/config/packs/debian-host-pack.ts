/** V10 of a machine with Debian, on which the checks themselves run: it is that machine that is looked at. */
import type { Offer, Pack } from './pack.ts';
import type { HostFacts, ProjectFacts } from './project-facts.ts';

export const debianHostPack: Pack = {
  id: 'debian-host',
  summary: 'Hardening of the machine with Debian on which the checks run.',
  programs: ['oscap', 'lynis'],
  packages: [],
  offersFor: (facts) =>
    facts.host.debian === null
      ? [{ kind: 'missing', name: 'debian-host', how: 'this is no machine with Debian' }]
      : [openScap(facts), lynis(facts)],
};

function openScap({ programs, host }: ProjectFacts): Offer {
  if (!programs.has('oscap')) {
    const how = 'apt install openscap-scanner ssg-debian (openscap-utils before Debian 13)';
    return { kind: 'missing', name: 'openscap', how };
  }
  const content = contentFor(host);
  if (content === null) {
    const how = `a data stream for Debian ${host.debian ?? ''}, ssg-debian${host.debian ?? ''}-ds.xml of ComplianceAsCode: of one for another release no rule applies`;
    return { kind: 'missing', name: 'openscap', how };
  }
  return {
    ...{ kind: 'check', name: 'openscap' },
    check: {
      about: ['It ends with 0 when no rule applies at all: controls says how many must.'],
      row: 'V10',
      run: [
        ...['oscap', 'xccdf', 'eval', '--profile'],
        ...['xccdf_org.ssgproject.content_profile_standard', '--results', '{report}', content],
      ],
      report: { driver: 'xccdf', level: 'medium', controls: 10 },
    },
  };
}

function contentFor({ debian, scapContents }: HostFacts): string | null {
  const name = `/ssg-debian${debian ?? ''}-ds.xml`;
  return scapContents.find((path) => path.endsWith(name)) ?? null;
}

function lynis({ programs }: ProjectFacts): Offer {
  if (!programs.has('lynis')) return { kind: 'missing', name: 'lynis', how: 'apt install lynis' };
  return {
    ...{ kind: 'check', name: 'lynis' },
    check: {
      about: [
        'It always ends with 0, and sees more as root. Level low would ask for its suggestions, too.',
      ],
      row: 'V10',
      run: [
        ...['lynis', 'audit', 'system', '--quick', '--no-colors', '--logfile', '/dev/null'],
        ...['--report-file', '{report}'],
      ],
      report: { driver: 'lynis', level: 'medium', controls: 50 },
      timeout: '15m',
    },
  };
}
