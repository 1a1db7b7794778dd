import { fault, fine, type Check } from './check.ts';

const MAJOR_MIN = 24;

export function checkNode(version: string): Check {
  if (Number(version.split('.')[0]) >= MAJOR_MIN) return fine('node', version);
  return fault(
    'node',
    version,
    `Use Node ${MAJOR_MIN}: npm install brings it, bin/surefoot finds it.`,
  );
}
