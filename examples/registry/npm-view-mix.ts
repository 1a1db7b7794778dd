import { createHash } from 'node:crypto';
import type { Mix, MixContext, PlannedRequest } from '../../tools/load/mix.ts';
import { randomAt } from '../../tools/load/random-at.ts';
import { catalogue, packagePath } from './catalogue.ts';

/** What `npm view` and `npm install` ask of a registry; every answer is checked, not only its status. */
export const npmViewMix: Mix = {
  name: 'npm-view',
  versionHeader: 'x-powered-by',
  eventStreamPath: null,
  webSocketPath: null,
  slowKinds: [],
  keysPath: null,
  async prepare(context) {
    const packages: KnownPackage[] = [];
    for (const { name } of catalogue) packages.push(await readPackage(context, name));
    return (index) => npmRequest(context.seed, packages, index);
  },
};

interface KnownPackage {
  readonly name: string;
  readonly tarballs: readonly Tarball[];
}

interface Tarball {
  readonly path: string;
  readonly shasum: string;
}

// `npm view` asks for the whole document, `npm install` for the short one and then for the tarball.
const accept = {
  view: 'application/json',
  install: 'application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8, */*',
} as const;

function npmRequest(
  seed: number,
  packages: readonly KnownPackage[],
  index: number,
): PlannedRequest {
  const known = packages[Math.floor(randomAt(seed, index, 1) * packages.length)];
  if (known === undefined) throw new Error('the registry holds no package');
  const draw = randomAt(seed, index, 0);
  if (draw < 0.6) return documentRequest('view', known);
  if (draw < 0.85) return documentRequest('install', known);
  const tarball = known.tarballs[Math.floor(randomAt(seed, index, 2) * known.tarballs.length)];
  if (tarball === undefined) throw new Error(`package ${known.name} has no tarball`);
  return tarballRequest(tarball);
}

function documentRequest(kind: keyof typeof accept, known: KnownPackage): PlannedRequest {
  return {
    ...aGet(kind, packagePath(known.name)),
    headers: { accept: accept[kind], 'npm-command': kind },
    checkBody: (body) => (isDocumentOf(known, body) ? null : 'wrong-document'),
  };
}

function isDocumentOf(known: KnownPackage, body: Buffer): boolean {
  const document = parsed(body);
  const tarballs = tarballsOf(document);
  if (fieldOf(document, 'name') !== known.name || tarballs.length !== known.tarballs.length) {
    return false;
  }
  return tarballs.every(({ shasum }, index) => shasum === known.tarballs[index]?.shasum);
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function tarballRequest({ path, shasum }: Tarball): PlannedRequest {
  return {
    ...aGet('tarball', path),
    headers: { accept: '*/*', 'npm-command': 'install' },
    checkBody: (body) =>
      createHash('sha1').update(body).digest('hex') === shasum ? null : 'wrong-tarball',
  };
}

function aGet(kind: string, path: string): Omit<PlannedRequest, 'headers'> {
  return { kind, method: 'GET', path, body: null, clientKey: null };
}

async function readPackage(context: MixContext, name: string): Promise<KnownPackage> {
  return { name, tarballs: tarballsOf(await context.readJson(packagePath(name))) };
}

function tarballsOf(document: unknown): readonly Tarball[] {
  const dists = Object.values(fieldOf(document, 'versions') ?? {});
  return dists.map((version) => tarballOf(fieldOf(version, 'dist')));
}

function tarballOf(dist: unknown): Tarball {
  const url = fieldOf(dist, 'tarball');
  const shasum = fieldOf(dist, 'shasum');
  if (typeof url === 'string' && typeof shasum === 'string') {
    return { path: new URL(url).pathname, shasum };
  }
  throw new Error('a package version tells no tarball; run seed-packages.ts first');
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}
