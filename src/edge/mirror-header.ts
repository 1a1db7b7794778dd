/**
 * Marks copies of requests, so that an application can leave out what only a client's own request
 * should do. Whoever sends it from outside does not get it through.
 */
export const MIRROR_HEADER = 'surefoot-mirror';
