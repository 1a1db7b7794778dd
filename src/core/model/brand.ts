declare const brand: unique symbol;

/** A primitive that carries the name of what it identifies, so that ids cannot be mixed up. */
export type Brand<Value, Name extends string> = Value & { readonly [brand]: Name };
