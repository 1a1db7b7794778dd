/** Items in the order in which they came; taking the first one costs the same however many there are. */
export interface Queue<Item> {
  readonly add: (item: Item) => void;
  readonly first: () => Item | null;
  readonly removeFirst: () => void;
}

const COMPACT_AT = 1_024;

export function newQueue<Item>(): Queue<Item> {
  let items: Item[] = [];
  let head = 0;
  return {
    add: (item) => void items.push(item),
    first: () => items[head] ?? null,
    removeFirst() {
      head += 1;
      if (head < COMPACT_AT || head * 2 < items.length) return;
      items = items.slice(head);
      head = 0;
    },
  };
}
