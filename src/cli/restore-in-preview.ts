/** What brings back the backup that the preview of a service has its database from. */
import type { ServiceConfig } from '../config/system-config.ts';
import type { S3Place } from '../core/backup/s3-place.ts';
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
  of: {
    readonly name: string;
    readonly environment: string;
    /** Where backups are kept; null: in the state directory. */
    readonly place: S3Place | null;
  },
): RestoreForPreview | null {
  const name = validation?.preview?.database?.backup;
  const choice = name === undefined ? undefined : ownValue(backups, name);
  if (name === undefined || !choice) return null;
  const { clock, connect, env: host } = session.environment;
  const agents = { stateDirectory: stateDirectoryOf(session).root };
  const { place } = of;
  const source = `${scopeOf(of.environment, of.name)}/${name}`;
  return restoresForPreview(
    { name, source, declared: () => Promise.resolve({ ...choice, place, probe: null }) },
    { connect, agents, clock, host },
  );
}
