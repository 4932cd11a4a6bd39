/** What stands under one key goes under another; of two the one that `size` calls richer stays. */
export function renameKey<V>(
  map: Map<string, V>,
  from: string,
  to: string,
  size: (value: V) => number = () => 0,
): void {
  const value = map.get(from);
  if (value === undefined) return;
  map.delete(from);
  const other = map.get(to);
  if (other === undefined || size(value) >= size(other)) map.set(to, value);
}

/** The value of a key, made on first sight. Works for Map and WeakMap. */
export function getOrCreate<K, V>(
  map: { get(key: K): V | undefined; set(key: K, value: V): unknown },
  key: K,
  create: () => V,
): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const value = create();
  map.set(key, value);
  return value;
}
