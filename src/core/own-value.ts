/** Of a table whose keys people or programs give: what every object has by itself (`constructor`) is nothing of it. */
export function ownValue<Value>(
  table: Readonly<Record<string, Value>>,
  key: string,
): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
