import type { ValidatePlanned } from '../../../src/engine/validation/validate-planned.ts';

/** For who plans no checks: to be asked for them is a mistake. */
export const unaskedValidation: ValidatePlanned = () =>
  Promise.reject(new Error('no checks were planned, and yet they were asked for'));
