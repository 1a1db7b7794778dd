/** What was asked for cannot be done; the message says what can. */
export class WrongOption extends Error {}
