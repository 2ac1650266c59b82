// Work that arrives while a batch is in flight goes together into the next one: no timer, no cost for a single caller.

/** Gives a function that queues one item and promises its result. `run` answers each item by its place; an Error rejects only that item. */
export function createBatcher<Item, Result>(
  options: BatcherOptions,
  run: (items: readonly Item[]) => Promise<readonly (Result | Error)[]>,
): (item: Item) => Promise<Result> {
  const waiting: Waiting<Item, Result>[] = [];
  let inFlight = 0;

  async function flush(): Promise<void> {
    const batch = waiting.splice(0, options.batchMax);
    inFlight++;
    try {
      const results = await run(batch.map((each) => each.item));
      for (const [index, each] of batch.entries()) settle(each, results[index] as Result | Error);
    } catch (error) {
      for (const each of batch) each.reject(error);
    } finally {
      inFlight--;
      start();
    }
  }

  function start(): void {
    while (waiting.length > 0 && inFlight < options.inFlightMax) void flush();
  }

  return (item) => {
    if (waiting.length >= options.waitingMax) return Promise.reject(options.overload());
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    waiting.push({ item, resolve, reject });
    // On the next turn, so that requests read from several sockets in one turn share a batch.
    if (waiting.length === 1) setImmediate(start);
    return promise;
  };
}

export type BatcherOptions = {
  batchMax: number;
  inFlightMax: number;
  waitingMax: number;
  /** The error of an item that came while `waitingMax` others waited. */
  overload: () => Error;
};

type Waiting<Item, Result> = {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
};

function settle<Item, Result>(waiting: Waiting<Item, Result>, result: Result | Error): void {
  if (result instanceof Error) waiting.reject(result);
  else waiting.resolve(result);
}
