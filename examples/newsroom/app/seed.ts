/** What a fresh newsroom starts with: one user of each role, and something to read. */
import type { Role } from './permissions.ts';

export const seedUsers: readonly { readonly name: string; readonly role: Role }[] = [
  { name: 'ada', role: 'admin' },
  { name: 'edith', role: 'editor' },
  { name: 'arthur', role: 'author' },
  { name: 'rita', role: 'reader' },
];

const topics = [
  ['Tram line 7 runs through the night', 'The last stop is the harbour, where the bakers start.'],
  ['A library that lends out tools', 'Drills and ladders are in demand; tuning forks are not.'],
  ['Storm season starts a month early', 'The weather office moved its buoys further out.'],
  ['The bridge has passed its load test', 'Forty loaded lorries stood on it for an hour.'],
  ['Old observatory opens its dome again', 'The mirror was polished by hand over two winters.'],
  ['Night market returns to the old mill', 'Every stall must bring its own lantern this year.'],
  ['River water is clean enough to swim', 'Three years of readings lie below the limit.'],
  ['The archive has found a lost map', 'It shows a street that nobody remembers.'],
  ['School garden feeds the canteen', 'Beans did well; the pumpkins were stolen twice.'],
  ['Theatre plays to an empty house', 'The rehearsal was streamed to nine hospitals.'],
] as const;

export const seedArticles: readonly { readonly title: string; readonly body: string }[] =
  topics.map(([title, lead]) => ({
    title,
    body: `${lead}\n\n${'The report goes into the details, with figures and with voices from the quarter. '.repeat(6)}\n\nMore will follow when the council has met.`,
  }));
