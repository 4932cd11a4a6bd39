/**
 * A ceiling for typed arrays: they lie outside of the heap, so the limits of a thread do not count them. Whoever
 * decodes a hostile file here asks for them by the lengths that the file declares.
 */

const kinds = [
  'ArrayBuffer',
  'Uint8Array',
  'Int8Array',
  'Uint16Array',
  'Int16Array',
  'Uint32Array',
  'Int32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
] as const;

/** Below that nothing is asked: the question costs more than the memory. */
const SMALL = 64 * 1024;

/** From now on this thread may hold so many bytes of arrays at a time; more throws before it is allocated. */
export function limitAllocation(bytes: number): void {
  let unasked = 0;
  const admit = (wanted: number): void => {
    unasked += wanted;
    if (unasked < SMALL) return;
    unasked = 0;
    if (process.memoryUsage().arrayBuffers + wanted > bytes)
      throw new Error(`it asks for more than ${bytes >> 20} MiB`);
  };
  const scope = globalThis as unknown as Record<string, new (...given: unknown[]) => object>;
  for (const kind of kinds) {
    const native = scope[kind];
    const size = (native as unknown as { BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT ?? 1;
    scope[kind] = new Proxy(native, {
      construct(target, given, newTarget) {
        const [first] = given as unknown[];
        if (typeof first === 'number') admit(first * size);
        else if (Array.isArray(first)) admit(first.length * size);
        return Reflect.construct(target, given, newTarget) as object;
      },
    });
  }
  // A list of a declared length is filled in the heap, which has its own ceiling, but not by its last index alone.
  scope.Array = new Proxy(scope.Array, {
    construct(target, given, newTarget) {
      if (given.length === 1 && typeof given[0] === 'number') admit(given[0] * 8);
      return Reflect.construct(target, given, newTarget) as object;
    },
  });
}
