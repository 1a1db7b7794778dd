import { showNumber } from './show-number.ts';

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** `38 MiB`, in the largest unit of which there is one. */
export function showSize(bytes: number): string {
  const power = Math.floor(Math.log2(Math.max(1, Math.abs(bytes))) / 10);
  const index = Math.min(power, UNITS.length - 1);
  return `${showNumber(bytes / 1_024 ** index)} ${UNITS[index] ?? 'B'}`;
}
