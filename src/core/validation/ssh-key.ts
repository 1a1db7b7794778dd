/** A public key as a line of an `.pub` file has it. */
export interface SshKey {
  /** As SSH writes it: the kind, and 32 bytes. */
  readonly blob: string;
  /** What stands behind it: a name, an address; empty of one without. */
  readonly name: string;
}

/** In base64, of what every key of this kind begins with, and of 32 bytes. */
const ED25519 = /^ssh-ed25519 (AAAAC3NzaC1lZDI1NTE5AAAAI[A-Za-z0-9+/]{43})(?:[ \t]+(\S.*))?$/;

/** Null of what is none of Ed25519. */
export function sshKeyOf(line: string): SshKey | null {
  const [, blob, name = ''] = ED25519.exec(line.trim()) ?? [];
  return blob === undefined ? null : { blob, name };
}
