/** Passwords at rest: scrypt with a salt of their own, the parameters stored beside the result. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

const COST = 16384;
const BLOCK_SIZE = 8;
const KEY_BYTES = 32;

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, COST);
  return `scrypt$${COST}$${salt.toString('base64url')}$${key.toString('base64url')}`;
}

/** With `null` for an unknown user, takes as long as for a known one and says no. */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const [, cost, salt, key] = (stored ?? `scrypt$${COST}$AAAAAAAAAAAAAAAAAAAAAA$`).split('$');
  const derived = await derive(password, Buffer.from(salt ?? '', 'base64url'), Number(cost));
  const expected = Buffer.from(key ?? '', 'base64url');
  return expected.length === derived.length && timingSafeEqual(expected, derived);
}

function derive(password: string, salt: Buffer, cost: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, KEY_BYTES, { N: cost, r: BLOCK_SIZE, p: 1 }, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}
