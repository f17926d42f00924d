import { LookupUnansweredError } from '../../src/chat/errors.ts'
import type { Directory } from '../../src/chat/directory/index.ts'

/** Whether somebody's profile is found; a network that does not answer has lost it too, for whoever asks. */
export async function isListed(directory: Directory, fingerprint: string): Promise<boolean> {
  try {
    return (await directory.findByFingerprint(fingerprint)) !== undefined
  } catch (err) {
    if (err instanceof LookupUnansweredError) return false
    throw err
  }
}
