import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeOf } from './open-postgres.ts';

test('a database has one place, whoever asks and with whatever settings', () => {
  assert.equal(placeOf('postgresql://ada:secret@DB.example.org/shop'), 'db.example.org:5432/shop');
  assert.equal(
    placeOf('postgres://grace@db.example.org:5432/shop?sslmode=require'),
    'db.example.org:5432/shop',
  );
  assert.equal(
    placeOf('postgresql:///shop?host=/run/postgresql&port=5433'),
    '/run/postgresql:5433/shop',
  );
});
