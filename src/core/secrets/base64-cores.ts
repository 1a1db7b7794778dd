/** What base64 makes of a secret wherever it stands in what is encoded, such as `user:secret`. */

/** Shorter ones stand in texts by chance, or in parts of other secrets. */
const CORE_MIN = 12;

/** Of the three ways to stand, what does not depend on what stands before and behind. */
export function base64Cores(secret: string): readonly string[] {
  const whole = secret.replace(/[\n\r]+$/, '');
  const texts = new Set([whole, whole.replaceAll('\r\n', '\n')]);
  return [...texts]
    .flatMap((text) => [0, 1, 2].map((before) => coreOf(text, before)))
    .filter((core) => core.length >= CORE_MIN);
}

/** `before`: bytes of something else in the first group of three. */
function coreOf(text: string, before: number): string {
  const bytes = [...new Array<number>(before).fill(0), ...new TextEncoder().encode(text)];
  const encoded = btoa(bytes.map((byte) => String.fromCharCode(byte)).join(''));
  // Six bits a character: those that hold a bit of something else are none of it.
  return encoded.slice(Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6));
}
