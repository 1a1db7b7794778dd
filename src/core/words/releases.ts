/** `web 2.0`; of several services `api 2.0 and web 3.1`. */
export function releases(
  services: readonly { readonly service: string; readonly release: { readonly version: string } }[],
): string {
  const each = services.map(({ service, release }) => `${service} ${release.version}`);
  const last = each.at(-1) ?? '';
  return each.length < 2 ? last : `${each.slice(0, -1).join(', ')} and ${last}`;
}
