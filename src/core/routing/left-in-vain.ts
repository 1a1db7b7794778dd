/** A client's patience is shorter than any limit may be: when it leaves says something of the pool, too. */
const PART = 1 / 3;

/** Whether a client left because nothing came: it has waited for a good part of the time after which an answer is late. */
export function isLeftInVain(waited: number, limit: number): boolean {
  return waited >= PART * limit;
}
