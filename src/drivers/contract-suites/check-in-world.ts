import { test } from 'node:test';

/** Registers the checks of a contract: each has a world of its own, which is closed behind it. */
export function checkInWorld<World extends { close(): Promise<void> }>(
  name: string,
  createWorld: () => Promise<World>,
): (title: string, body: (world: World) => Promise<void>) => void {
  return (title, body) =>
    void test(`${name}: ${title}`, async () => {
      const world = await createWorld();
      try {
        await body(world);
      } finally {
        await world.close();
      }
    });
}
