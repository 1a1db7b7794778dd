/** Something that is told about a migration. */
export interface Hazard {
  /** What happens, as a sentence after the name of what it happens to. */
  readonly sentence: string;
  /** The safe way to the same end. */
  readonly remedy: string;
}
