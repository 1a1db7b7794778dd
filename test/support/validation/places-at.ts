import { filePlace, type FoundPlace } from '../../../src/core/validation/found-place.ts';

/** As a tool writes them: `src/a.js:3:1`. */
export function placesAt(...texts: readonly string[]): readonly FoundPlace[] {
  return texts.map((text) => {
    const [, path = '', within = ''] = /^(.*?)((?::\d+){1,2})?$/.exec(text) ?? [];
    return filePlace(path, ...within.split(':').slice(1));
  });
}
