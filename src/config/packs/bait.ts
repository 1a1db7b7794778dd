/**
 * What is planted for tools to find. A text comes in parts where scanners would find it in the configuration, too: there
 * the first character of every further part is written as an escape.
 */
export type Bait = string | readonly string[];

export function baitText(bait: Bait): string {
  return typeof bait === 'string' ? bait : bait.join('');
}

/** Has the form of a private key, and says in its letters that it is none. */
export const falseKey: Bait = [
  '-----BEGIN RSA PRIVATE',
  ` KEY-----\nMII${'SurefootPlantedThisItOpensNothing'.repeat(4)}\n-----END RSA PRIVATE`,
  ' KEY-----\n',
];

/** No parser of JavaScript takes it, whatever rules are switched off. */
export const brokenScript: Bait = 'const = ;\n';

/** What its makers wrote at the head of a version with known holes, without a line of its code. */
export const oldLibrary: Bait = '/*! jQuery v1.8.1 jquery.com | jquery.org/license */\n';

const lodash = { lodash: '4.17.15' };
const names = { name: 'bait', version: '1.0.0' };

/** A project whose one dependency has known holes. */
export const vulnerableProject: Readonly<Record<string, Bait>> = {
  'package.json': JSON.stringify({ ...names, private: true, dependencies: lodash }),
  'package-lock.json': JSON.stringify({
    ...{ ...names, lockfileVersion: 3, requires: true },
    packages: {
      '': { ...names, dependencies: lodash },
      'node_modules/lodash': { version: lodash.lodash },
    },
  }),
};
