/** Whether a chain only prepares: it passes, and shows nothing. Controls are judged by reports, or by Surefoot itself. */
export function isSilent({
  checks,
  controls,
}: {
  readonly checks: readonly { readonly report?: unknown }[];
  readonly controls?: unknown;
}): boolean {
  return !controls && checks.every(({ report }) => report === undefined);
}
