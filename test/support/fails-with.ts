/** For `assert.rejects`: the failure's code, and what its message or details must say. */
import assert from 'node:assert/strict';
import type { FailureCode } from '../../src/core/failures.ts';
import { OperationalError } from '../../src/core/operational-error.ts';

export function failsWith(code: FailureCode, says = /./): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof OperationalError, String(error));
    assert.equal(error.failure.code, code);
    assert.match(error.failure.message, says);
    return true;
  };
}
