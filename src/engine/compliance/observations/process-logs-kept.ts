/** Whether all that the processes of Surefoot print goes into the logs that it keeps. */
import { roleLogFile } from '../../../platform/keeper-files.ts';
import { writesTo } from '../../../platform/writes-to.ts';
import { broken, holds, unknown, type Observe } from '../observed-place.ts';
import { ownProcesses } from '../own-processes.ts';

export const processLogsKept: Observe = async ({ directory }) => {
  const processes = await ownProcesses(directory);
  if (!processes) return unknown('Surefoot does not run');
  const looked = await Promise.all(
    processes.map(async ({ name, pid }) => ({
      name,
      isLogged: await writesTo(pid, roleLogFile(directory, name)),
    })),
  );
  const namesOf = (wanted: boolean | null): string =>
    looked
      .filter(({ isLogged }) => isLogged === wanted)
      .map(({ name }) => name)
      .join(', ');
  if (namesOf(false) !== '') return broken(`${namesOf(false)} writes to no log`);
  if (namesOf(null) !== '') return unknown(`it cannot be seen where ${namesOf(null)} writes to`);
  return holds(`${namesOf(true)} write to logs in ${directory.logs}`);
};
