import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WrongOption } from '../command-line/wrong-option.ts';
import { crashOptions } from './crash-options.ts';

test('what would strike nothing or be ignored is refused before anything is started', () => {
  const wrong: readonly (readonly [args: readonly string[], says: RegExp])[] = [
    [['--rate', '0'], /--rate takes a number above 0/],
    [['--requests', '1000'], /say how many --rollouts/],
    [['--record', 'long.ndjson'], /say how many --rollouts/],
    [['--strikes', 'thunder'], /--strikes takes kill, freeze, wire/],
    [['--rollouts', 'many'], /--rollouts takes a whole number/],
  ];
  for (const [args, says] of wrong) {
    assert.throws(
      () => crashOptions(args),
      (error) => error instanceof WrongOption && says.test(error.message),
      args.join(' '),
    );
  }
});

test('the long run has as many rollouts and requests as are asked for', () => {
  const { rollouts, requests, requestsPerSecond } = crashOptions([
    ...['--rollouts', '100', '--requests', '1000000', '--rate', '320'],
  ]);

  assert.deepEqual([rollouts, requests, requestsPerSecond], [100, 1_000_000, 320]);
});
