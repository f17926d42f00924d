import { shortFingerprint } from '../core/fingerprint.ts'
import { usePeopleStore } from '../stores/people.ts'

/** What to call whoever a fingerprint belongs to, who may be nobody we have met. */
export function useNameOf() {
  const people = usePeopleStore()

  return (fingerprint: string): string => {
    const name = people.byFingerprint.get(fingerprint)?.name
    if (name === undefined) return shortFingerprint(fingerprint)
    return people.isSharedName(name) ? `${name} (${shortFingerprint(fingerprint)})` : name
  }
}
