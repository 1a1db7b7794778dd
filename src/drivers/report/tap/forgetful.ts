/** Has a parser of TAP forget what it would remember of each test, which is handed out as soon as it has ended. */
import { Result, type Parser } from 'tap-parser';

/** So many show enough of how a plan is not kept. */
const FAULTS_MAX = 100;

/** Of the tests within a test, too. What it needs to hold numbers and plan against each other it keeps. */
export function forgetful(parser: Parser): void {
  const nothing = new Result(['', '', '', '', ''], parser);
  parser.on('assert', (result: Result) => {
    const { failures, pointsSeen } = parser;
    if (pointsSeen.has(result.id)) pointsSeen.set(result.id, nothing);
    if (result.tapError === null && failures.at(-1) === result) failures.pop();
    failures.length = Math.min(failures.length, FAULTS_MAX);
    parser.skips.length = 0;
    parser.todos.length = 0;
    parser.comments.length = 0;
  });
  parser.on('child', (child: Parser) => {
    cutName(child, parser);
    forgetful(child);
  });
}

/** Of one part of what a test is called, and of all of them: it is said with each test within. */
const PART_MAX = 500;
const NAME_MAX = 2_000;

/** What it itself is called is compared with the point that ends it, and stays. */
function cutName(child: Parser, parent: Parser): void {
  const parts = [parent.fullname, child.name.slice(0, PART_MAX)].filter((part) => part !== '');
  Object.defineProperty(child, 'fullname', { value: parts.join(' > ').slice(0, NAME_MAX) });
}
