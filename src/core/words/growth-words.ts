import type { GaugeGrowth } from '../verdict/compared-figures.ts';
import { showDuration } from './show-duration.ts';
import { showNumber } from './show-number.ts';
import { showSize } from './show-size.ts';

/** `memory +38 MiB against the stable release over 2 h`. */
export function growthWords({ gauge, growth, overMs }: GaugeGrowth): string {
  const size = Math.abs(growth);
  const sign = growth < 0 ? '-' : '+';
  const over = `against the stable release over ${showDuration(overMs)}`;
  switch (gauge) {
    case 'memory':
      return `memory ${sign}${showSize(size)} ${over}`;
    case 'openFiles':
      return `open files ${sign}${showNumber(Math.round(size))} ${over}`;
  }
}
