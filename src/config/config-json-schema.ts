/** The configuration as JSON Schema: for editors, for the reference page and for did-you-mean. */
import { z } from 'zod';
import type { ConfigPath } from './config-problem.ts';
import { valueAt, type ConfigValue } from './config-tree.ts';
import type { ConfigurableDriver } from './configurable-driver.ts';
import { configSchema } from './schema.ts';

export type JsonSchema = z.core.JSONSchema.JSONSchema;

export function configJsonSchema(drivers: readonly ConfigurableDriver[]): JsonSchema {
  return z.toJSONSchema(configSchema(drivers), { target: 'draft-7', io: 'input' });
}

/** Keys that the schema allows in the mapping at `path`, given what the file chose there. */
export function knownKeys(schema: JsonSchema, value: ConfigValue, path: ConfigPath): string[] {
  let current: JsonSchema | undefined = schema;
  for (const [index, part] of path.entries()) {
    current = chosen(current, valueAt(value, path.slice(0, index)));
    current = childOf(current, part);
  }
  return Object.keys(chosen(current, valueAt(value, path))?.properties ?? {});
}

function childOf(schema: JsonSchema | undefined, part: string | number): JsonSchema | undefined {
  const child =
    typeof part === 'number'
      ? schema?.items
      : (schema?.properties?.[part] ?? schema?.additionalProperties);
  return typeof child === 'object' && !Array.isArray(child) ? child : undefined;
}

/** Of several drivers, the one that the file names. */
function chosen(
  schema: JsonSchema | undefined,
  value: ConfigValue | undefined,
): JsonSchema | undefined {
  const options = schema?.oneOf ?? schema?.anyOf;
  if (!options) return schema;
  const driver = valueAt(value, ['driver']);
  return options
    .filter((option) => typeof option === 'object')
    .find((option) => {
      const discriminator = option.properties?.['driver'];
      return typeof discriminator === 'object' && discriminator.const === driver;
    });
}
