/** What of a validation is never met, because something that it names is not there, each with what to do instead. */
import type { ConfigPath } from './config-problem.ts';
import { isList, isMapping, valueAt, type ConfigValue } from './config-tree.ts';
import type { ConfigurableDriver } from './configurable-driver.ts';
import { suggest } from './suggest.ts';

/** A path within the validation. */
export interface CheckConflict {
  readonly path: ConfigPath;
  readonly message: string;
  readonly suggestion?: string;
}

const PLACEHOLDERS = ['report', 'preview.url', 'preview.host', 'preview.port'];

export function checkConflicts(
  validation: ConfigValue | undefined,
  drivers: readonly ConfigurableDriver[],
): readonly CheckConflict[] {
  const checks = valueAt(validation, ['checks']);
  if (!isMapping(checks)) return [];
  return [
    ...strayWaivers(validation, Object.keys(checks)),
    ...Object.entries(checks).flatMap(([name, check]) => [
      ...misspeltPlaceholders(['checks', name, 'run'], valueAt(check, ['run'])),
      ...unfindableBait(['checks', name], check, drivers),
    ]),
  ];
}

function strayWaivers(
  validation: ConfigValue | undefined,
  names: readonly string[],
): readonly CheckConflict[] {
  const waivers = valueAt(validation, ['waivers']);
  if (!isList(waivers)) return [];
  return waivers.flatMap((waiver, index) => {
    const check = valueAt(waiver, ['check']);
    if (typeof check !== 'string' || names.includes(check)) return [];
    const message = `there is no check "${check}", so that nothing is waived; declared are: ${names.join(', ')}`;
    return [suggesting({ path: ['waivers', index, 'check'], message }, check, names)];
  });
}

/** Only what is nearly one of them: braces mean something to many tools. */
function misspeltPlaceholders(
  path: ConfigPath,
  run: ConfigValue | undefined,
): readonly CheckConflict[] {
  if (!isList(run)) return [];
  return run.flatMap((word, index) => {
    if (typeof word !== 'string') return [];
    const names = [...word.matchAll(/(?<!\$)\{([a-z]+(?:\.[a-z]+)?)\}/gi)].map(
      ([, name = '']) => name,
    );
    return names.flatMap((name) => {
      const meant = suggest(name, PLACEHOLDERS);
      const isNear = name.startsWith('preview.') || meant?.startsWith(name.charAt(0));
      if (PLACEHOLDERS.includes(name) || !isNear) return [];
      const message = `{${name}} stands for nothing; known are: ${PLACEHOLDERS.map((each) => `{${each}}`).join(', ')}`;
      return [suggesting({ path: [...path, index], message }, name, PLACEHOLDERS)];
    });
  });
}

/** Bait is found by findings alone, of which a driver says from which level on they count. */
function unfindableBait(
  path: ConfigPath,
  check: ConfigValue,
  drivers: readonly ConfigurableDriver[],
): readonly CheckConflict[] {
  const report = valueAt(check, ['report', 'driver']);
  const driver = drivers.find(({ kind, id }) => kind === 'report' && id === report);
  if (!driver || SHOWS_FINDINGS.some((key) => Object.hasOwn(driver.config.shape, key))) return [];
  return ['plant', 'plantApart'].flatMap((key) => {
    if (valueAt(check, [key]) === undefined) return [];
    const message = `is found by nobody: reports of ${driver.id} hold no findings; leave it out`;
    return [{ path: [...path, key], message }];
  });
}

const SHOWS_FINDINGS = ['level', 'vulnerabilities'];

function suggesting(
  found: CheckConflict,
  word: string,
  candidates: readonly string[],
): CheckConflict {
  const suggestion = suggest(word, candidates);
  return suggestion === undefined ? found : { ...found, suggestion };
}
