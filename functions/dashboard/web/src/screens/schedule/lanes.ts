/** A class on a day, in minutes since midnight, with its place beside those that overlap it. */
export interface Placed<Item> {
  item: Item;
  from: number;
  to: number;
  lane: number;
  lanes: number;
}

/** Put overlapping classes side by side: each into the first lane that is free, all of a heap equally wide. */
export function placed<Item>(items: readonly { item: Item; from: number; to: number }[]): Placed<Item>[] {
  const found: Placed<Item>[] = [];
  let heap: Placed<Item>[] = [];
  let heapEnds = -1;
  const close = (): void => {
    const lanes = Math.max(0, ...heap.map(({ lane }) => lane + 1));
    for (const one of heap) one.lanes = lanes;
    heap = [];
  };
  for (const { item, from, to } of [...items].sort((one, other) => one.from - other.from || other.to - one.to)) {
    if (from >= heapEnds) close();
    const taken = new Set(heap.filter((one) => one.to > from).map(({ lane }) => lane));
    let lane = 0;
    while (taken.has(lane)) lane += 1;
    const one = { item, from, to, lane, lanes: 1 };
    heap.push(one);
    found.push(one);
    heapEnds = Math.max(heapEnds, to);
  }
  close();
  return found;
}
