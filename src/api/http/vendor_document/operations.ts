// The operations of a vendor's OpenAPI document, in its order, and where a request finds its own.

/** Reads each operation that `paths` has under one of `methods`. */
export function readOperations<M extends string, D, R>(
  paths: Record<string, Partial<Record<M, D>>>,
  methods: readonly M[],
  read: (path: string, method: M, operation: D) => R,
): R[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method];
      return operation ? [read(path, method, operation)] : [];
    }),
  );
}

/** Which of `operations` is called at `path`: the one with the fewest parameters where several fit. */
export function operationAt<O extends { method: string; path: string }>(
  operations: readonly O[],
  method: string,
  path: string,
): O | undefined {
  const found = operations.filter((each) => each.method === method && patternOf(each.path).test(path));
  return found.sort((a, b) => parametersOf(a) - parametersOf(b))[0];
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`);
}

function parametersOf({ path }: { path: string }): number {
  return path.split('{').length;
}
