/** Every import follows the layer table; drivers stand alone; only main.ts composes. */
import type { Finding } from './finding.ts';
import { importsOf, type ImportReference } from './imports-of.ts';
import { layers, pureModules, typeModules } from './layers.ts';
import { isTest, type SourceTree } from './source-tree.ts';

/** They stand for other people's systems and for independent clients. */
const strangers = ['examples', 'tools/load'];

export function layerRule(tree: SourceTree): Finding[] {
  return [...tree.sources].flatMap(([path, source]) =>
    importsOf(source).flatMap((reference) => {
      const message = objection(path, reference);
      return message === null ? [] : [{ path, line: reference.line, message }];
    }),
  );
}

function objection(path: string, reference: ImportReference): string | null {
  const { target } = reference;
  if (path.startsWith('src/core/') && !isTest(path) && target === null) {
    return outsideCore(reference);
  }
  if (target === null) return null;
  const stranger = strangers.find((folder) => path.startsWith(`${folder}/`));
  if (stranger !== undefined) {
    return target.startsWith('src/') ? `${stranger} shares no code with src: not ${target}.` : null;
  }
  if (path.startsWith('web/')) {
    const isAllowed = target.startsWith('web/') || target.startsWith('src/api/contract/');
    return isAllowed ? null : `web imports src/api/contract only, not ${target}.`;
  }
  if (!path.startsWith('src/') || path === 'src/main.ts') return null;
  return isTest(path) ? inTest(path, target) : inSource(path, target);
}

function outsideCore({ specifier, isTypeOnly, names }: ImportReference): string | null {
  const pureNames = pureModules[specifier] ?? [];
  const isPure = names.length > 0 && names.every((name) => pureNames.includes(name));
  const isType = isTypeOnly && (specifier.startsWith('node:') || typeModules.includes(specifier));
  return isPure || isType ? null : `core imports nothing from outside core: not ${specifier}.`;
}

function inSource(path: string, target: string): string | null {
  const layer = path.split('/')[1] ?? '';
  const rule = layers[layer];
  if (!rule) return `${path} belongs to no layer; only src/main.ts stands outside of the folders.`;
  if (target === 'src/drivers/registry.ts') return 'Only src/main.ts imports the driver registry.';
  const isBelow = [layer, ...rule.uses].some((folder) => target.startsWith(`src/${folder}/`));
  if (!isBelow) return `src/${layer} must not import ${target}: ${rule.reason}.`;
  return isInDriver(path) ? inDriver(path, target) : null;
}

/** Tests compose freely, but those of core stay as pure as core, and those of drivers apart. */
function inTest(path: string, target: string): string | null {
  if (path.startsWith('src/core/')) {
    const isAllowed = target.startsWith('src/core/') || target.startsWith('test/support/');
    return isAllowed ? null : `Tests of core import core and test/support only, not ${target}.`;
  }
  const isOtherDriver =
    isInDriver(path) && isInDriver(target) && driverOf(path) !== driverOf(target);
  return isOtherDriver && !target.startsWith('src/drivers/contract-suites/')
    ? `A driver's test must not import another driver: ${target}.`
    : null;
}

function inDriver(path: string, target: string): string | null {
  if (!target.startsWith('src/drivers/') || target === 'src/drivers/contract.ts') return null;
  if (driverOf(path) === driverOf(target)) return null;
  return path.startsWith('src/drivers/contract-suites/')
    ? `A contract suite must not know a driver: ${target}.`
    : `A driver imports the contract, core and platform only, not ${target}.`;
}

function isInDriver(path: string): boolean {
  return path.startsWith('src/drivers/') && path.split('/').length > 3;
}

/** `<kind>/<id>`, or `contract-suites`. */
function driverOf(path: string): string {
  const [, , kind = '', id = ''] = path.split('/');
  return kind === 'contract-suites' ? kind : `${kind}/${id}`;
}
