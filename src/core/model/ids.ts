import type { Brand } from './brand.ts';

/** `<environment>/<service>`: what one deployment at a time may change, and what tokens are kept for. */
export type Scope = Brand<string, 'Scope'>;
/** `<environment>.<service>.<deployment number>`: all instances of one deployment's release. */
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

export function instanceIdOf(pool: PoolId, index: number): InstanceId {
  return `${pool}.${index}` as InstanceId;
}

export function deploymentIdOf(deployment: number): DeploymentId {
  return `d${deployment}` as DeploymentId;
}
