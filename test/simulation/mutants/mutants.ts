/** All mutants, by the part of the protocol that they are planted into. */
import { actionMutants } from './action-mutants.ts';
import { dataMutants } from './data-mutants.ts';
import { decisionMutants } from './decision-mutants.ts';
import { engineMutants } from './engine-mutants.ts';
import { freezeMutants } from './freeze-mutants.ts';
import { gateMutants } from './gate-mutants.ts';
import { mirrorMutants } from './mirror-mutants.ts';
import type { Mutant } from './mutant.ts';
import { peopleMutants } from './people-mutants.ts';
import { planMutants } from './plan-mutants.ts';
import { routingMutants } from './routing-mutants.ts';
import { storeMutants } from './store-mutants.ts';
import { togetherMutants } from './together-mutants.ts';
import { verdictMutants } from './verdict-mutants.ts';

export const mutants: readonly Mutant[] = [
  ...decisionMutants,
  ...planMutants,
  ...gateMutants,
  ...mirrorMutants,
  ...routingMutants,
  ...engineMutants,
  ...actionMutants,
  ...storeMutants,
  ...peopleMutants,
  ...freezeMutants,
  ...togetherMutants,
  ...verdictMutants,
  ...dataMutants,
];
