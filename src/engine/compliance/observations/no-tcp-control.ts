/** Whether no process of Surefoot listens on TCP, but for clients at the addresses of balancers. */
import { addressesOverlap } from '../../../core/model/listen-address.ts';
import { childrenOf, tcpListenersOf } from '../../../platform/tcp-listeners.ts';
import { addressText, broken, holds, unknown, type Observe } from '../observed-place.ts';
import { ownProcesses, type OwnProcess } from '../own-processes.ts';

export const noTcpControl: Observe = async (place) => {
  const processes = await ownProcesses(place.directory);
  if (!processes) return unknown('Surefoot does not run');
  const clients = place.declared.addresses;
  const stray: string[] = [];
  for (const { name, pid } of await withChildren(processes)) {
    const listeners = await tcpListenersOf(pid);
    if (!listeners) return unknown(`it cannot be seen on what ${name} listens`);
    const others = listeners.filter(
      (each) => name !== 'edge' || !clients.some((declared) => addressesOverlap(declared, each)),
    );
    stray.push(...others.map((each) => `${name} listens on ${addressText(each)}`));
  }
  const names = processes.map(({ name }) => name).join(', ');
  return stray.length === 0
    ? holds(`${names}: none listens on another address than those of balancers`)
    : broken(stray.join('; '));
};

/** What the host has started are instances of services, which listen for whom they like; the keeper's are roles. */
async function withChildren(processes: readonly OwnProcess[]): Promise<readonly OwnProcess[]> {
  const all = await Promise.all(
    processes.map(async ({ name, pid }) => {
      const isParent = name !== 'host' && name !== 'keeper';
      const children = isParent ? await childrenOf(pid) : [];
      return [pid, ...children].map((each) => ({ name, pid: each }));
    }),
  );
  return all.flat();
}
