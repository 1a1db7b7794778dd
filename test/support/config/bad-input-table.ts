/** Runs a table of configurations that must be refused, one named test each. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headlinesOf, type TextOptions } from './load-text.ts';

export interface BadInput {
  readonly title: string;
  readonly text: string | Buffer;
  readonly options?: TextOptions;
  /** Headlines without the file's name. */
  readonly says: readonly (string | RegExp)[];
}

export function testBadInputs(badInputs: readonly BadInput[]): void {
  for (const { title, text, options, says } of badInputs) {
    void test(`bad input ${title} is refused`, async () => {
      const seen = await headlinesOf(text, options);

      const messages = seen.map((line) => line.replace(/^surefoot\.yaml/, ''));
      assert.equal(messages.length, says.length, messages.join('\n'));
      for (const [index, expected] of says.entries()) {
        if (typeof expected === 'string') assert.equal(messages[index], expected);
        else assert.match(messages[index] ?? '', expected);
      }
    });
  }
}
