/** A measured value with its unit; with as many digits as tell it from the one it stands beside. */
import { counted } from './counted.ts';
import { showDuration } from './show-duration.ts';
import { showNumber } from './show-number.ts';

export type ShownUnit =
  'fraction' | 'ms' | 'requests' | 'percent' | 'failures' | 'instances' | 'nats' | 'resources';

export function showValue(value: number, unit: ShownUnit, beside: number = value): string {
  switch (unit) {
    case 'fraction':
      return `${showNumber(value * 100, beside * 100)} %`;
    case 'percent':
      return `${showNumber(value, beside)} %`;
    case 'ms': {
      const text = showDuration(value);
      const isTold = value === beside || text !== showDuration(beside);
      return isTold ? text : `${showNumber(value, beside)} ms`;
    }
    case 'requests':
      return counted(value, 'request');
    case 'failures':
      return counted(value, 'failure');
    case 'instances':
      return counted(value, 'instance');
    case 'resources':
      return counted(value, 'resource');
    case 'nats':
      return `ln E ${showNumber(value, beside)}`;
  }
}
