/** The kernels' static data lies below; asc starts it at 1024. */
const staticEnd = 4096;
const lineBytes = 64;
const pageBytes = 65_536;

/** Plans the layout of one kernel memory, then makes it: nothing is allocated while it runs. */
export interface Arena {
  /** Reserves floats at a cache line of their own; returns the byte offset. */
  floats(count: number): number;
  createMemory(): WebAssembly.Memory;
}

export function createArena(): Arena {
  let top = staticEnd;
  return {
    floats: (count) => {
      const at = top;
      // One line more than needed keeps equal buffers from sharing the same sets of the cache.
      top += Math.ceil((count * 4) / lineBytes) * lineBytes + lineBytes;
      return at;
    },
    createMemory: () => {
      const pages = Math.ceil(top / pageBytes);
      return new WebAssembly.Memory({ initial: pages, maximum: pages });
    },
  };
}

/** Rows and columns of every block are padded to the width of a vector. */
export const padded = (n: number): number => (n + 3) & ~3;
