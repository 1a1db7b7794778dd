/** Says in the words of the file what is wrong with one value. */
import type { z } from 'zod';
import type { ConfigValue } from './config-tree.ts';

export interface JudgedValue {
  /** With variables replaced. */
  readonly value: ConfigValue;
  /** As in the file. */
  readonly written: ConfigValue | undefined;
  /** The text of a plain scalar, null for a quoted one. */
  readonly plain: string | null;
}

export function valueMessage(issue: z.core.$ZodIssue, judged: JudgedValue): string {
  // A schema that says something of its own knows best.
  if (!/^(?:Invalid|Too (?:small|big)|Unrecognized)\b/.test(issue.message)) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return typeMessage(issue.expected, judged);
    case 'too_small':
      return boundMessage('at least', Number(issue.minimum), issue.origin, judged);
    case 'too_big':
      return boundMessage('at most', Number(issue.maximum), issue.origin, judged);
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}, not ${shown(judged)}`;
    case 'invalid_format':
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
    case 'not_multiple_of':
    case 'unrecognized_keys':
    case 'custom':
      return `is not accepted: ${issue.message.charAt(0).toLowerCase()}${issue.message.slice(1)}`;
  }
}

function typeMessage(expected: string, judged: JudgedValue): string {
  const { value, written, plain } = judged;
  if (value === null) {
    return `is empty; it must be ${nounOf(expected)}${isMapping(expected) ? EMPTY_HINT : ''}`;
  }
  if (expected === 'string' && typeof value !== 'object') {
    return `must be a string, but ${plain ?? String(value)} is read as a ${typeof value}; write it in quotes: "${plain ?? String(value)}"`;
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return `must be a finite number, not ${plain ?? String(value)}`;
  }
  if (expected === 'int' && typeof value === 'number') {
    return `must be a whole number, not ${shown(judged)}`;
  }
  if (isNumeric(expected) && typeof value === 'string') {
    if (written !== value)
      return `must be ${nounOf(expected)}, but a variable always gives a string`;
    const isQuoted = value.trim() !== '' && Number.isFinite(Number(value));
    if (isQuoted) return `must be ${nounOf(expected)}; remove the quotes: ${value}`;
    const [, percentage] = /^([\d.]+)\s*%$/.exec(value) ?? [];
    if (percentage) return `must be ${nounOf(expected)}; leave out the percent sign: ${percentage}`;
  }
  return `must be ${nounOf(expected)}, not ${shown(judged)}${shapeHint(expected, judged)}`;
}

const EMPTY_HINT = '; write {} when there is nothing to say';

/** What to write instead of a single word or number. */
function shapeHint(expected: string, { value, plain }: JudgedValue): string {
  if (isMapping(expected) && value === true) return EMPTY_HINT;
  const isOne = typeof value === 'string' || typeof value === 'number';
  if (expected !== 'array' || !isOne) return '';
  // Of several words each is an item: programs are started without a shell.
  const words = String(value).split(/[\s,]+/);
  const areSimple = words.length > 1 && words.every((word) => SIMPLE_WORD.test(word));
  return `; write [${areSimple ? words.join(', ') : (plain ?? JSON.stringify(value))}]`;
}

/** Means the same in a list as alone. */
const SIMPLE_WORD = /^[A-Za-z_./][\w./=@-]*$/;

function isMapping(expected: string): boolean {
  return expected === 'object' || expected === 'record';
}

function isNumeric(expected: string): boolean {
  return expected === 'number' || expected === 'int';
}

function nounOf(expected: string): string {
  switch (expected) {
    case 'object':
    case 'record':
      return 'a mapping (key: value)';
    case 'array':
      return 'a list';
    case 'int':
      return 'a whole number';
    case 'boolean':
      return 'true or false';
    default:
      return `a ${expected}`;
  }
}

function boundMessage(
  bound: 'at least' | 'at most',
  limit: number,
  origin: string,
  judged: JudgedValue,
): string {
  if (origin === 'string') {
    return bound === 'at least' && limit === 1
      ? 'must not be empty'
      : `must be ${bound} ${limit} characters long`;
  }
  if (origin === 'array') return `must have ${bound} ${limit} ${limit === 1 ? 'item' : 'items'}`;
  return `must be ${bound} ${limit}, not ${shown(judged)}`;
}

function shown({ value, plain }: JudgedValue): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a mapping';
  if (typeof value === 'string') return JSON.stringify(value);
  return plain ?? String(value);
}
