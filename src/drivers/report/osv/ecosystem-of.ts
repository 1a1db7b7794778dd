/** What OSV calls an ecosystem, as package URLs call it. */

/** Null of one that package URLs have no type for. */
export function ecosystemOf(name: string): string | null {
  const [withoutRelease = ''] = name.split(':');
  return Object.hasOwn(TYPES, withoutRelease) ? TYPES[withoutRelease as keyof typeof TYPES] : null;
}

const TYPES = {
  AlmaLinux: 'rpm/almalinux',
  Alpine: 'apk/alpine',
  Chainguard: 'apk/chainguard',
  ConanCenter: 'conan',
  CRAN: 'cran',
  'crates.io': 'cargo',
  Debian: 'deb/debian',
  Go: 'golang',
  Hackage: 'hackage',
  Hex: 'hex',
  Maven: 'maven',
  npm: 'npm',
  NuGet: 'nuget',
  openSUSE: 'rpm/opensuse',
  Packagist: 'composer',
  Pub: 'pub',
  PyPI: 'pypi',
  'Red Hat': 'rpm/redhat',
  'Rocky Linux': 'rpm/rocky-linux',
  RubyGems: 'gem',
  SUSE: 'rpm/suse',
  SwiftURL: 'swift',
  Ubuntu: 'deb/ubuntu',
  Wolfi: 'apk/wolfi',
} as const;
