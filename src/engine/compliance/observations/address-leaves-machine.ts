/** Whether other machines can reach the address that clients are given. */
import { addressText, broken, holds, unknown } from '../observed-place.ts';
import type { Observe } from '../observed-place.ts';

export const addressLeavesMachine: Observe = async ({ declared: { address } }) => {
  if (!address) return unknown('the balancer declares no address');
  const isOfMachine =
    address.host === 'localhost' || address.host === '::1' || address.host.startsWith('127.');
  const text = addressText(address);
  return isOfMachine
    ? broken(`${text} is reached from this machine only`)
    : holds(`${text} is reached from other machines`);
};
