/** The API as an OpenAPI document, for the reference. */
import type { Engine } from '../engine/start-engine.ts';
import { createLog } from '../platform/log.ts';
import { apiInfo, buildApi } from './serve-api.ts';

export function openApiDocument(version: string): object {
  // Routes are only described here; none is called.
  const engine = {} as Engine;
  const app = buildApi({ engine, version, log: createLog() });
  return app.getOpenAPI31Document(apiInfo(version));
}
