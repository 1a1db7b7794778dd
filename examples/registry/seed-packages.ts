/** Publishes the catalogue into a storage directory, through a Verdaccio of its own. Repeatable. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { catalogue, packagePath } from './catalogue.ts';
import { fetchReleases, registryReleases } from './fetch-releases.ts';
import { runRegistry } from './run-registry.ts';

interface PackedPackage {
  readonly name: string;
  readonly version: string;
  readonly filename: string;
  readonly integrity: string;
  readonly shasum: string;
}

/** Resolves with the number of versions that it had to publish: 0 the second time. */
export async function seedPackages(options: {
  readonly releasePath: string;
  readonly storagePath: string;
}): Promise<number> {
  const registry = await runRegistry({ ...options, publish: '$all' });
  const workPath = await mkdtemp(join(tmpdir(), 'sf-seed-'));
  try {
    const missing = await missingVersions(registry.url);
    if (missing.length === 0) return 0;
    const sources = await Promise.all(missing.map((item) => writeSource(workPath, item)));
    for (const packed of await pack(workPath, sources)) {
      await publish(registry.url, packed, await readFile(join(workPath, packed.filename)));
    }
    return missing.length;
  } finally {
    await rm(workPath, { recursive: true, force: true });
    await registry.stop();
  }
}

interface PackageVersion {
  readonly name: string;
  readonly version: string;
}

async function missingVersions(url: string): Promise<readonly PackageVersion[]> {
  const missing: PackageVersion[] = [];
  for (const { name, versions } of catalogue) {
    const present = await publishedVersions(url, name);
    for (const version of versions) {
      if (!present.includes(version)) missing.push({ name, version });
    }
  }
  return missing;
}

async function publishedVersions(url: string, name: string): Promise<readonly string[]> {
  const answer = await fetch(`${url}${packagePath(name)}`);
  const document: unknown = await answer.json();
  if (answer.status === 404) return [];
  if (!answer.ok) throw new Error(`GET ${packagePath(name)} answered ${answer.status}`);
  if (typeof document !== 'object' || document === null || !('versions' in document)) return [];
  return Object.keys(document.versions ?? {});
}

async function writeSource(workPath: string, item: PackageVersion): Promise<string> {
  const directory = join(workPath, createHash('sha1').update(labelOf(item)).digest('hex'));
  await mkdir(directory);
  await writeFile(join(directory, 'package.json'), JSON.stringify(manifestOf(item)));
  await writeFile(
    join(directory, 'README.md'),
    `# ${item.name}\n\nThere is nothing to use here.\n`,
  );
  await writeFile(join(directory, 'filler.bin'), fillerOf(item));
  return directory;
}

function manifestOf({ name, version }: PackageVersion): object {
  return { name, version, description: `An example package, ${name}.`, license: 'MIT' };
}

// Bytes that do not compress, 1 to 64 KiB by package: tarballs of realistic and differing sizes.
function fillerOf(item: PackageVersion): Buffer {
  const blocks: Buffer[] = [createHash('sha256').update(labelOf(item)).digest()];
  const size = 32 << (1 + ((blocks[0]?.[0] ?? 0) % 7) + 4);
  while (blocks.length * 32 < size) {
    blocks.push(
      createHash('sha256')
        .update(blocks.at(-1) ?? '')
        .digest(),
    );
  }
  return Buffer.concat(blocks);
}

function labelOf({ name, version }: PackageVersion): string {
  return `${name}@${version}`;
}

async function pack(
  workPath: string,
  sources: readonly string[],
): Promise<readonly PackedPackage[]> {
  const flags = ['--json', '--ignore-scripts', '--pack-destination', workPath];
  const { stdout } = await promisify(execFile)('npm', ['pack', ...flags, ...sources], {
    cwd: workPath,
  });
  const packed: unknown = JSON.parse(stdout);
  if (!Array.isArray(packed)) throw new Error('npm pack --json did not answer with a list');
  return packed.filter(isPackedPackage);
}

function isPackedPackage(value: unknown): value is PackedPackage {
  return typeof value === 'object' && value !== null && 'filename' in value && 'shasum' in value;
}

async function publish(url: string, packed: PackedPackage, tarball: Buffer): Promise<void> {
  const { name, version, integrity, shasum } = packed;
  const file = `${name}-${version}.tgz`;
  const tarballUrl = `${url}/${name}/-/${file.slice(file.indexOf('/') + 1)}`;
  const dist = { integrity, shasum, tarball: tarballUrl };
  const facts = { ...manifestOf(packed), _id: labelOf(packed), dist };
  const answer = await fetch(`${url}${packagePath(name)}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      _id: name,
      name,
      'dist-tags': { latest: version },
      versions: { [version]: facts },
      _attachments: {
        [file]: {
          content_type: 'application/octet-stream',
          data: tarball.toString('base64'),
          length: tarball.length,
        },
      },
    }),
  });
  const said = await answer.text();
  if (!answer.ok) throw new Error(`publishing ${labelOf(packed)}: ${answer.status} ${said}`);
}

if (import.meta.main) {
  const storage = process.argv[2] ?? process.env['REGISTRY_STORAGE'];
  if (storage === undefined) throw new Error('Usage: seed-packages.ts <storage directory>');
  const [releasePath = ''] = await fetchReleases([registryReleases[0]]);
  const published = await seedPackages({ releasePath, storagePath: resolve(storage) });
  process.stdout.write(`${published} package versions published\n`);
}
