/** Who asks a service that speaks S3, by the variables that all its tools read. None is ever told. */
import { operationalError } from '../../core/operational-error.ts';
import type { S3Credentials } from '../../platform/s3-session.ts';
import type { HostEnvironment } from './configured-keys.ts';

const ID = 'AWS_ACCESS_KEY_ID';
const SECRET = 'AWS_SECRET_ACCESS_KEY';

/** Null when none is set: then the files and roles of AWS on this machine say it. */
export function s3CredentialsOf(host: HostEnvironment): S3Credentials | null {
  const { [ID]: accessKeyId = '', [SECRET]: secretAccessKey = '', AWS_SESSION_TOKEN } = host;
  if (accessKeyId === '' && secretAccessKey === '') return null;
  if (accessKeyId === '' || secretAccessKey === '') {
    const [set, missing] = accessKeyId === '' ? [SECRET, ID] : [ID, SECRET];
    throw operationalError(
      'backup-store-refused',
      `${set} is set, and ${missing} is not. Set both.`,
    );
  }
  const isWithToken = AWS_SESSION_TOKEN !== undefined && AWS_SESSION_TOKEN !== '';
  return {
    ...{ accessKeyId, secretAccessKey },
    ...(isWithToken && { sessionToken: AWS_SESSION_TOKEN }),
  };
}
