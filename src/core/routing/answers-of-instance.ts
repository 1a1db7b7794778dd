/** How many requests an instance has answered under one split: what others answer says nothing of it. */
import { compareTokens, type FencingToken } from '../model/fencing-token.ts';

export interface AnswersOfInstance {
  /** Of the newest split that it has answered under. */
  readonly under: FencingToken;
  readonly count: number;
}

/** What is answered late, to a request of a split before, is not counted any more. */
export function withAnswer(
  answers: AnswersOfInstance | null,
  under: FencingToken,
): AnswersOfInstance {
  if (answers === null) return { under, count: 1 };
  const order = compareTokens(under, answers.under);
  if (order < 0) return answers;
  return { under, count: order === 0 ? answers.count + 1 : 1 };
}

export function answersUnder(answers: AnswersOfInstance | null, inForce: FencingToken): number {
  return answers !== null && compareTokens(answers.under, inForce) === 0 ? answers.count : 0;
}
