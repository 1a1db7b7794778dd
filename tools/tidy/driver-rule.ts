/** A driver is a folder with a driver, a page for its readers, and a line in the registry. */
import type { Finding } from './finding.ts';
import { importsOf } from './imports-of.ts';
import type { SourceTree } from './source-tree.ts';

const registryPath = 'src/drivers/registry.ts';

export function driverRule(tree: SourceTree): Finding[] {
  const registry = tree.sources.get(registryPath);
  const registered = new Set(registry ? importsOf(registry).map(({ target }) => target) : []);
  return driverFolders(tree).flatMap((folder) => {
    const findings: Finding[] = [];
    for (const file of ['driver.ts', 'driver.test.ts', 'README.md']) {
      if (tree.texts.has(`${folder}/${file}`)) continue;
      findings.push({ path: `${folder}/${file}`, message: `Every driver has a ${file}.` });
    }
    // A simulated driver stands in for the world in tests; nobody can deploy with it.
    const isSimulated = folder.endsWith('/simulated');
    if (registry && !isSimulated && !registered.has(`${folder}/driver.ts`)) {
      findings.push({ path: registryPath, message: `${folder} is not in the registry.` });
    }
    return findings;
  });
}

/** `src/drivers/<kind>/<id>` */
function driverFolders(tree: SourceTree): string[] {
  const folders = [...tree.texts.keys()].flatMap(
    (path) => /^src\/drivers\/(?!contract-suites\/)[^/]+\/[^/]+(?=\/)/.exec(path)?.[0] ?? [],
  );
  return [...new Set(folders)];
}
