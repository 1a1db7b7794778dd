import { foldSegment } from './fold-segment.ts';

const SEGMENTS_MAX = 12;

/** What requests are learned by together: `GET /articles/*`, for each article and every query. */
export function routeOf(method: string, target: string): string {
  const segments = pathOf(target).split('/').slice(1);
  const folded = segments.slice(0, SEGMENTS_MAX).map(foldSegment);
  if (segments.length > SEGMENTS_MAX) folded.push('*');
  return `${method} /${folded.join('/')}`;
}

/** A request's target without its query. */
export function pathOf(target: string): string {
  const query = target.indexOf('?');
  return query < 0 ? target : target.slice(0, query);
}
