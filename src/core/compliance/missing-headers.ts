/** Which of the headers that protect browsers an answer lacks. */

export interface AnswerHead {
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly isEncrypted: boolean;
}

/** What only pages need is asked of pages only. */
export function missingHeaders({ headers, isEncrypted }: AnswerHead): readonly string[] {
  const of = (name: string): string => headers[name]?.toLowerCase() ?? '';
  const isPage = /^(?:text\/html|application\/xhtml\+xml)\b/.test(of('content-type'));
  const policy = of('content-security-policy');
  const framing = policy.includes('frame-ancestors') || of('x-frame-options') !== '';
  return [
    ...(of('x-content-type-options').trim() === 'nosniff'
      ? []
      : ['x-content-type-options: nosniff']),
    ...(isPage && policy === '' ? ['content-security-policy'] : []),
    ...(isPage && !framing ? ['frame-ancestors or x-frame-options'] : []),
    ...(isPage && of('referrer-policy') === '' ? ['referrer-policy'] : []),
    ...(isEncrypted && !/max-age=\s*"?[1-9]/.test(of('strict-transport-security'))
      ? ['strict-transport-security']
      : []),
  ];
}
