import type { SchemaObjects } from './schema-objects.ts';

/** How a service's database was built at one moment. */
export interface SchemaNote {
  /** The database itself, whoever it is of: `db.example.org:5432/shop`. */
  readonly place: string;
  /** Of all that it holds: the same for the same schema. */
  readonly digest: string;
  readonly objects: SchemaObjects;
  /** Those of the migrations planned with it that it had had by then. */
  readonly applied: readonly string[];
}

/** The last notes on record. */
export interface KnownNotes {
  /** Of the service. */
  readonly own: SchemaNote | null;
  /** Of the service or of its database, which others may use as well. */
  readonly last: SchemaNote | null;
}
