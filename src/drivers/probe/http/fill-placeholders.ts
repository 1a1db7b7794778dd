/** Puts the release that is asked about into what the probe sends and expects. */
import type { ProbeSubject } from '../../contract.ts';
import type { HttpExpectation, HttpProbeConfig } from './http-probe-config.ts';

type Release = ProbeSubject['release'];

export function fillPlaceholders(config: HttpProbeConfig, release: Release): HttpProbeConfig {
  const { header, json, text, status } = config.expect;
  const expect: HttpExpectation = {
    status,
    ...(header && { header: fillDeep(header, release) as Record<string, string> }),
    ...(json && { json: fillDeep(json, release) as Record<string, unknown> }),
    ...(text !== undefined && { text: fillText(text, release) }),
  };
  const path = fillText(config.path, {
    version: encodeURIComponent(release.version.toWellFormed()),
    configDigest: encodeURIComponent(release.configDigest),
  });
  const headers = fillDeep(config.headers, release) as Record<string, string>;
  return { ...config, path, headers, expect };
}

function fillDeep(value: unknown, release: Release): unknown {
  if (typeof value === 'string') return fillText(value, release);
  if (Array.isArray(value)) return value.map((item) => fillDeep(item, release));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, fillDeep(child, release)]),
  );
}

/** In one pass: a version that looks like a placeholder stays text. */
function fillText(text: string, release: Release): string {
  return text.replace(/\{release\.(version|config)\}/g, (_, name) =>
    name === 'version' ? release.version : release.configDigest,
  );
}
