/**
 * Base of everything that holds a secret: however it ends up in a log, an assertion or a JSON document, only its
 * kind can be read. Subclasses keep the secret in `#private` fields, which no printer walks.
 */

// The well-known symbol of Node's util.inspect, by its registered name so that browsers need no import for it.
const INSPECT = Symbol.for('nodejs.util.inspect.custom')

export abstract class Redacted {
  readonly #kind: string

  constructor(kind: string) {
    this.#kind = kind
  }

  toString(): string {
    return `[${this.#kind} redacted]`
  }

  toJSON(): string {
    return this.toString()
  }

  [INSPECT](): string {
    return this.toString()
  }
}
