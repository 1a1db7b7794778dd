import type { Brand } from './brand.ts';

/** `<environment>/<service>`: what one deployment at a time may change, and what tokens are kept for. */
export type Scope = Brand<string, 'Scope'>;
/** `<environment>.<service>.<deployment number>`: all instances of one deployment's release, or `…-baseline`. */
export type PoolId = Brand<string, 'PoolId'>;
/** `<pool>.<index>`: one instance; stays the same over restarts of its process. */
export type InstanceId = Brand<string, 'InstanceId'>;
/** `d<number>`, as printed and typed by people. */
export type DeploymentId = Brand<string, 'DeploymentId'>;

export function scopeOf(environment: string, service: string): Scope {
  return `${environment}/${service}` as Scope;
}

export function poolIdOf(environment: string, service: string, deployment: number): PoolId {
  return `${environment}.${service}.${deployment}` as PoolId;
}

const BASELINE = '-baseline';

/** The fresh pool of the stable release that a candidate is compared with. */
export function baselineIdOf(candidate: PoolId): PoolId {
  return `${candidate}${BASELINE}` as PoolId;
}

export function isBaselineId(pool: PoolId): boolean {
  return pool.endsWith(BASELINE);
}

/** The deployment that made the pool. */
export function deploymentOf(pool: PoolId): number {
  return Number.parseInt(pool.split('.').at(-1) ?? '', 10);
}

export function instanceIdOf(pool: PoolId, index: number): InstanceId {
  return `${pool}.${index}` as InstanceId;
}

export function deploymentIdOf(deployment: number): DeploymentId {
  return `d${deployment}` as DeploymentId;
}
