/** The order in which node-pg-migrate takes migrations, by its own rules: the number that a name begins with, then the rest. */
export function inOrder(left: string, right: string): number {
  return (numberOf(left) ?? 0) - (numberOf(right) ?? 0) || byRest(left, right);
}

function byRest(left: string, right: string): number {
  return left.localeCompare(right, undefined, {
    ...{ usage: 'sort', numeric: true, sensitivity: 'variant', ignorePunctuation: true },
  });
}

/** 17 digits are a moment, in UTC; null for a name that begins with no number. */
export function numberOf(name: string): number | null {
  const [digits] = /^\d+/.exec(name) ?? [];
  if (digits === undefined) return null;
  const [, date, time, ms] = /^(\d{8})(\d{6})(\d{3})$/.exec(digits) ?? [];
  if (date === undefined || time === undefined) return Number(digits);
  const day = date.replace(/(....)(..)(..)/, '$1-$2-$3');
  return Date.parse(`${day}T${time.replace(/(..)(..)(..)/, '$1:$2:$3')}.${ms ?? '000'}Z`);
}
