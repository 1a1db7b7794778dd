/** What people may ask of a running deployment; each is answered, in the audit log, by its number. */
interface Asked {
  /** Its number, by which it is answered. */
  readonly id: number;
  readonly actor: string;
  readonly reason: string;
}

export type OperatorRequest =
  | (Asked & { readonly kind: 'abort' })
  /** `forMs` is how long to hold; null until somebody resumes. */
  | (Asked & { readonly kind: 'pause'; readonly forMs: number | null })
  /** With `override` a freeze is overridden, too; its reason says why. */
  | (Asked & { readonly kind: 'resume'; readonly override?: boolean })
  | (Asked & { readonly kind: 'promote' })
  /** Of the plan with this digest, and of no other. */
  | (Asked & { readonly kind: 'approve'; readonly planDigest: string });

export type RequestKind = OperatorRequest['kind'];

/** A request before it has a number. */
export type NewOperatorRequest = OperatorRequest extends infer Each
  ? Each extends OperatorRequest
    ? Omit<Each, 'id'>
    : never
  : never;
