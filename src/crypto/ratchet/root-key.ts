/** What both directions share and every turn steps. docs/specs/session.md §6 */
import { wipe } from '../bytes.ts'
import { labels } from '../labels.ts'
import type { CryptoPort } from '../port.ts'
import { EpochSeed } from './epoch-seed.ts'
import { HeaderKey } from './header-key.ts'
import { type Direction, Secret, SECRET_BYTES } from './secret.ts'

export interface RootStep<D extends Direction> {
  readonly root: RootKey
  readonly seed: EpochSeed<D>
  /** Header key of this direction's turn after the one that begins. */
  readonly nextHeader: HeaderKey<D>
}

export class RootKey extends Secret {
  constructor(bytes: Uint8Array) {
    super('RootKey', bytes)
  }

  /** Begins a turn. `agreed` (own turn key with theirs) is overwritten; the caller wipes this root. */
  step<D extends Direction>(crypto: CryptoPort, agreed: Uint8Array): RootStep<D> {
    const okm = crypto.hkdfSha256(agreed, this.bytes, labels.ratchetRoot, 3 * SECRET_BYTES)
    const step: RootStep<D> = {
      root: new RootKey(okm.slice(0, 32)),
      seed: new EpochSeed<D>(okm.slice(32, 64)),
      nextHeader: new HeaderKey<D>(okm.slice(64)),
    }
    wipe(agreed, okm)
    return step
  }
}
