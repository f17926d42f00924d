import { Steps, type Report } from './steps.ts'
import type { ContactStep, Fingerprint } from '../api.ts'

/** What was tried last for those who are not connected, by fingerprint; in memory only. */
export class Approaches {
  readonly #steps = new Map<Fingerprint, Steps>()
  readonly #onChange: (fingerprint: Fingerprint) => void

  constructor(onChange: (fingerprint: Fingerprint) => void) {
    this.#onChange = onChange
  }

  of(fingerprint: Fingerprint): ContactStep[] {
    return this.#steps.get(fingerprint)?.list ?? []
  }

  /** A new attempt to reach somebody. */
  begin(fingerprint: Fingerprint): Report {
    const steps = this.#to(fingerprint)
    steps.begin()
    return steps.report
  }

  /** Something about the letter to somebody. */
  posted(fingerprint: Fingerprint, step: Pick<ContactStep, 'state' | 'reason'>): void {
    this.#to(fingerprint).report('mailbox', step.state, step.reason)
  }

  /** They are connected, or nobody wants them any more. */
  end(fingerprint: Fingerprint): void {
    this.#steps.delete(fingerprint)
  }

  #to(fingerprint: Fingerprint): Steps {
    let steps = this.#steps.get(fingerprint)
    if (steps === undefined) {
      steps = new Steps(() => {
        this.#onChange(fingerprint)
      })
      this.#steps.set(fingerprint, steps)
    }
    return steps
  }
}
