/** Who asks, as the audit log names them. */
import { userInfo } from 'node:os';

/** The system's name of the user: neither HOME nor a variable decides it. */
export function actorName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user without an entry in the system's list, as in many containers.
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
