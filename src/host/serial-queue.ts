/** Runs tasks one after the other, so that what one reads is not changed by another midway. */
export type SerialQueue = <Result>(task: () => Promise<Result>) => Promise<Result>;

/** A failed task fails its own caller only. */
export function createSerialQueue(): SerialQueue {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const result = last.then(task);
    // The caller gets the failure; here only the order counts.
    last = result.catch(() => undefined);
    return result;
  };
}
