/** What brings back the backup that the preview of a service has its database from. */
import type { ServiceConfig } from '../config/system-config.ts';
import { scopeOf } from '../core/model/ids.ts';
import { ownValue } from '../core/own-value.ts';
import {
  restoresForPreview,
  type RestoreForPreview,
} from '../engine/validation/restore-for-preview.ts';
import { stateDirectoryOf, type CliSession } from './cli-session.ts';

/** Null of one that wants none. */
export function restoreInPreview(
  session: CliSession,
  { validation, backups = {} }: ServiceConfig,
  of: { readonly name: string; readonly environment: string },
): RestoreForPreview | null {
  const name = validation?.preview?.database?.backup;
  const choice = name === undefined ? undefined : ownValue(backups, name);
  if (name === undefined || !choice) return null;
  const { clock, connect, env: host } = session.environment;
  const agents = { stateDirectory: stateDirectoryOf(session).root };
  const source = `${scopeOf(of.environment, of.name)}/${name}`;
  return restoresForPreview(
    { name, source, driver: choice.driver, configOf: () => Promise.resolve(choice.config) },
    { connect, agents, clock, host },
  );
}
