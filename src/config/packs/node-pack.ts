/** What fits a project for Node.js, by its package.json and what is installed of it. */
import { coverageOffers, coveragePackages } from './node-coverage.ts';
import { dependencyOffers, dependencyPackages } from './node-dependencies.ts';
import { linterOffers, linterPackages } from './node-linters.ts';
import { testOffers, testPackages } from './node-tests.ts';
import type { Pack } from './pack.ts';

export const nodePack: Pack = {
  id: 'node',
  summary: 'Linters, secrets, dependencies and tests of a project for Node.js.',
  programs: ['npm'],
  packages: [...linterPackages, ...dependencyPackages, ...testPackages, ...coveragePackages],
  offersFor: (facts) =>
    facts.package === null
      ? [{ kind: 'missing', name: 'node', how: 'there is no package.json: npm init' }]
      : [linterOffers, dependencyOffers, testOffers, coverageOffers].flatMap((offers) =>
          offers(facts),
        ),
};
