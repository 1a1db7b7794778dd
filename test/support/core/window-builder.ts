import type { DeploymentWindow } from '../../../src/core/windows/deployment-window.ts';

/** The hours of an office in Berlin. */
export function aWindow(changes: Partial<DeploymentWindow> = {}): DeploymentWindow {
  return {
    days: ['mon', 'tue', 'wed', 'thu', 'fri'],
    fromMinute: 9 * 60,
    toMinute: 16 * 60 + 30,
    timeZone: 'Europe/Berlin',
    ...changes,
  };
}
