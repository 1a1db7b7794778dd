/** What the watch on a judged step has come to so far: for those who look on, and kept nowhere. */
import type { Judgement } from './judge-traffic.ts';
import type { TrafficCourse } from './traffic-course.ts';

export interface GateLook {
  readonly judgement: Judgement;
  readonly course: TrafficCourse | null;
}
