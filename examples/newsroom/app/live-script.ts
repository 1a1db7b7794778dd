/** The one script of the pages: shows articles as they are published, and which release serves. */
export const liveScript = `'use strict';
const place = document.getElementById('live');
const events = new EventSource('/events');
events.addEventListener('article', (event) => {
  const article = JSON.parse(event.data);
  const link = document.createElement('a');
  link.href = '/articles/' + Number(article.id);
  link.textContent = article.title;
  place.replaceChildren('New: ', link);
});
`;
