/** How a database is built: its objects, and of each what there is, with a digest of how it is. */

/** `public.orders`, and in it `column public.orders.sum`. */
export type SchemaObjects = Readonly<Record<string, SchemaObject>>;

export type SchemaObject = Readonly<Record<string, string>>;
