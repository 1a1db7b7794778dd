import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DBOSUnexpectedStepError,
  DBOSWorkflowConflictError,
} from '@dbos-inc/dbos-sdk/internal/error';
import { durableSteps } from './deploy-workflow.ts';

test('who does not own the workflow any more is disowned, and so is who replays another one', () => {
  const conflict = new DBOSWorkflowConflictError('deployment-1');
  const other = new DBOSUnexpectedStepError('deployment-1', 3, 'shift-50#1', 'judge-50#1');

  assert.equal(durableSteps.isDisowned(conflict), true);
  assert.equal(durableSteps.isDisowned(other), true);
  assert.equal(durableSteps.isDisowned(new Error('a bug')), false);
});
