import assert from 'node:assert/strict';
import { test } from 'node:test';
import { html } from './html.ts';

test('every value is escaped, in text and in quoted attributes', () => {
  const value = `<a href="x" title='y'>&`;
  const { html: text } = html`<p title="${value}">${value}</p>`;

  const escaped = '&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;';
  assert.equal(text, `<p title="${escaped}">${escaped}</p>`);
});

test('HTML inside of HTML is not escaped twice, lists are joined and null prints nothing', () => {
  const items = ['<', 2].map((item) => html`<li>${item}</li>`);
  const { html: text } = html`<ul>
    ${[...items, null, []]}
  </ul>`;

  assert.equal(text.replaceAll(/\s/g, ''), '<ul><li>&lt;</li><li>2</li></ul>');
});
