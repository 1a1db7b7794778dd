import assert from 'node:assert/strict';
import test from 'node:test';
import { isCovered } from './is-covered.ts';
import { routeOf } from './route-of.ts';

test('what names one thing of many is folded, and the query is left out', () => {
  const routes: Readonly<Record<string, string>> = {
    '/': 'GET /',
    '/articles/17?page=2': 'GET /articles/*',
    '/media/9f86d081884c7d65': 'GET /media/*',
    '/users/123e4567-e89b-12d3-a456-426614174000/posts': 'GET /users/*/posts',
    '/users/grace@navy.mil': 'GET /users/*',
    '/users/grace%40navy.mil': 'GET /users/*',
    '/sessions/eyJhbGciOi1IUzI1NiJ9': 'GET /sessions/*',
    '/assets/live.js': 'GET /assets/live.js',
    '/api/v2/keys': 'GET /api/v2/keys',
    '/an-article-of-1969-about-apollo': 'GET /an-article-of-1969-about-apollo',
  };

  for (const [target, route] of Object.entries(routes)) assert.equal(routeOf('GET', target), route);
});

test('a path without end is one route', () => {
  assert.equal(routeOf('GET', `/a${'/b'.repeat(100)}`), `GET /a${'/b'.repeat(11)}/*`);
});

test('a pattern covers its path and all below it, segment by segment', () => {
  assert.equal(isCovered('/reports', ['/reports']), true);
  assert.equal(isCovered('/reports/slow', ['/reports']), true);
  assert.equal(isCovered('/reportage', ['/reports']), false);
  assert.equal(isCovered('/users/17/export', ['/users/*/export']), true);
  assert.equal(isCovered('/users/17', ['/users/*/export']), false);
  assert.equal(isCovered('/', []), false);
});
