import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allFacts, someFacts } from '../../../test/support/config/project-facts-builder.ts';
import { debianHostPack } from './debian-host-pack.ts';
import { genericPack } from './generic-pack.ts';
import { readerIds, type Offer } from './pack.ts';
import { packs } from './packs.ts';
import { webPack } from './web-pack.ts';

const told = (offers: readonly Offer[]): readonly string[] =>
  offers.map(({ kind, name }) => `${kind} ${name}`);

test('no two checks of all packs have the same name', () => {
  const names = packs.flatMap((pack) => pack.offersFor(allFacts()).map(({ name }) => name));

  assert.equal(new Set(names).size, names.length);
});

test('for every reader there is an example', () => {
  const readers = genericPack
    .offersFor(someFacts())
    .map((offer) => offer.kind === 'example' && offer.check.report?.driver);

  assert.deepEqual(readers, readerIds);
});

test('of a service over HTTP what needs an address or a figure is an example', () => {
  assert.deepEqual(told(webPack.offersFor(someFacts())), [
    ...['missing wapiti', 'missing tls', 'example load', 'example stress'],
  ]);
  assert.deepEqual(told(webPack.offersFor(allFacts())), [
    ...['check wapiti', 'check headers', 'example zap', 'example nuclei', 'example tls'],
    ...['example load', 'example stress', 'example autocannon', 'example wrk', 'example hey'],
  ]);
});

test('whatever asks the preview says that it needs one, and nothing else does', () => {
  for (const offer of packs.flatMap((pack) => pack.offersFor(allFacts()))) {
    if (offer.kind === 'missing') continue;
    const { run, preview, report } = offer.check;
    // A script of k6 knows by itself whom it asks, and so does a plan of ZAP.
    const isOwn = report?.driver === 'k6' || offer.name === 'any-zap';
    const names = run.some((word) => word.includes('{preview.'));
    assert.equal(names || isOwn, preview === true, offer.name);
  }
});

test('a host is looked at by content for its own release alone', () => {
  const facts = allFacts();
  const [openScap] = debianHostPack.offersFor(facts);
  const older = { debian: '14', scapContents: facts.host.scapContents };

  assert.ok(openScap?.kind === 'check');
  assert.equal(openScap.check.run.at(-1), '/content/ssg-debian13-ds.xml');
  assert.deepEqual(told(debianHostPack.offersFor({ ...facts, host: older })), [
    ...['missing openscap', 'check lynis'],
  ]);
  assert.deepEqual(told(debianHostPack.offersFor(someFacts())), ['missing debian-host']);
  const bare = someFacts({ host: facts.host });
  assert.deepEqual(told(debianHostPack.offersFor(bare)), ['missing openscap', 'missing lynis']);
});
