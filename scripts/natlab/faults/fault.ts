import type { Exchange } from '../exchange.ts'
import type { Kind } from '../kinds.ts'
import type { TerminalPerson } from '../people/terminal-person.ts'
import type { Side } from '../plan.ts'
import type { World } from '../world.ts'

/** Two people in the middle of a conversation. */
export interface Scene {
  readonly world: World
  readonly people: Readonly<Record<Side, TerminalPerson>>
  readonly exchange: Exchange
}

/** Something that goes wrong, and who talks while it does. */
export interface Fault {
  readonly name: string
  /** What happens, in a few words. */
  readonly summary: string
  readonly from: Extract<Kind, 'public' | 'nat' | 'symmetric'>
  readonly to: Extract<Kind, 'public' | 'nat' | 'symmetric'>
  /** Public nodes. Default: two. */
  readonly nodes?: readonly string[]
  /** Resolves once there is a path again; what both say from then on is what is waited for. */
  readonly strike: (scene: Scene) => Promise<void>
}
