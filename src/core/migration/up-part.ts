/** What a tool runs of a file that also says how to take it back. */
export type UpPart =
  | {
      readonly kind: 'read';
      readonly text: string;
      /** False where its author wants it outside of one. */
      readonly isTransaction: boolean;
    }
  /** The tool would refuse it, or do something that nobody means. A sentence, with what to do. */
  | { readonly kind: 'wrong'; readonly because: string };
