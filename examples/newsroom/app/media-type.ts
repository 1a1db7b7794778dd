/** Which files are taken: only kinds that a browser never runs, told by their first bytes. */
const signatures: readonly { readonly type: string; readonly starts: string }[] = [
  { type: 'image/png', starts: '89504e470d0a1a0a' },
  { type: 'image/jpeg', starts: 'ffd8ff' },
  { type: 'image/gif', starts: '47494638' },
  { type: 'application/pdf', starts: '255044462d' },
];

export const acceptedTypes: readonly string[] = signatures.map((signature) => signature.type);

/** The type by content; what the client calls it is not believed. Null: not accepted. */
export function mediaTypeByContent(data: Buffer): string | null {
  const start = data.subarray(0, 16).toString('hex');
  return signatures.find((signature) => start.startsWith(signature.starts))?.type ?? null;
}
