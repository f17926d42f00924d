import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { equalBytes } from '../../crypto/bytes.ts'
import { MAX_ONE_TIME_PREKEYS, PrekeyStore } from '../../crypto/handshake/prekey-store.ts'
import { Mutex } from '../conversation/mutex.ts'
import { verifyCertificate } from '../identity/certificate.ts'
import { fromBase64, toBase64 } from '../mailbox/base64.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { LocalIdentity } from '../../crypto/session.ts'
import type { Identity } from '../identity/identity.ts'
import type { RecordStore } from '../store/record-store.ts'

const PATH = 'prekeys'
const CERTIFICATE_PATH = 'prekeys-certificate'
const ROTATION_CHECK_MS = 60 * 60 * 1000

/** Unused one-time prekeys that one contact has of us: enough for a few letters before we talk again. */
const ONE_TIME_A_CONTACT = 4

export interface PrekeysInit {
  readonly crypto: CryptoPort
  readonly identity: Identity
  readonly records: RecordStore
  readonly now: () => number
}

/** A one-time prekey that was given to one contact; as it travels. */
interface HandedOut {
  readonly id: number
  readonly published: string
}

/**
 * Our own prekeys, kept: what is stored is always what is in force. A bundle is published for everybody; one-time
 * prekeys are handed to contacts in person, each to one, because in a DHT two strangers would be given the same.
 */
export class Prekeys {
  readonly #init: PrekeysInit
  readonly #turn = new Mutex()
  #store: PrekeyStore | undefined
  #self: LocalIdentity | undefined
  #timer: ReturnType<typeof setInterval> | undefined

  constructor(init: PrekeysInit) {
    this.#init = init
  }

  async start(): Promise<void> {
    await this.#rotate()
    this.#timer = setInterval(() => {
      // a store that fails now is tried again in an hour; the pair in use is good for weeks
      this.#rotate().catch(() => undefined)
    }, ROTATION_CHECK_MS)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** The signed bundle of the newest pair. */
  bundle(): Promise<Uint8Array> {
    const { now } = this.#init
    return this.#turn.run(async () => {
      const store = await this.#loaded()
      if (await store.rotate(now())) await this.#save(store)
      return store.bundle(await this.#identity(), now())
    })
  }

  /**
   * Opens letters with the prekeys. What `task` used up is stored when it is done, and not at all when it fails: then
   * the letters can be opened again.
   */
  use<Result>(
    task: (prekeys: PrekeyStore, self: LocalIdentity) => Promise<Result>,
  ): Promise<Result> {
    return this.#turn.run(async () => {
      const store = await this.#loaded()
      try {
        const result = await task(store, await this.#identity())
        await this.#save(store)
        return result
      } catch (err) {
        this.#store = undefined
        throw err
      }
    })
  }

  /** The one-time prekeys that a contact may use, as they travel; those used up are replaced while there is room. */
  oneTimeFor(fingerprint: string): Promise<string[]> {
    const { records } = this.#init
    const path = `prekeys-handed/${fingerprint}`
    return this.#turn.run(async () => {
      const store = await this.#loaded()
      const before = (await records.get<readonly HandedOut[]>(path)) ?? []
      const left = before.filter(({ id }) => store.oneTime(id) !== undefined)
      const room = MAX_ONE_TIME_PREKEYS - store.oneTimeCount
      const count = Math.min(ONE_TIME_A_CONTACT - left.length, room)
      if (count <= 0) return left.map(({ published }) => published)
      const made = await store.makeOneTime(await this.#identity(), count)
      const handed = [...left, ...made.map(handedOut)]
      // the private halves before the note of who has them
      await this.#save(store)
      await records.put(path, handed)
      return handed.map(({ published }) => published)
    })
  }

  #rotate(): Promise<void> {
    return this.#turn.run(async () => {
      const store = await this.#loaded()
      if (await store.rotate(this.#init.now())) await this.#save(store)
    })
  }

  /**
   * Ourselves as our bundles say it. A certificate is signed anew at every start and never twice with the same bytes,
   * and an initial message is bound to the bytes of that in the bundle: so bundles keep the one they began with.
   */
  async #identity(): Promise<LocalIdentity> {
    if (this.#self !== undefined) return this.#self
    const { crypto, identity, records } = this.#init
    const kept = await records.get<string>(CERTIFICATE_PATH)
    const certificate = kept === undefined ? undefined : fromBase64(kept)
    if (certificate !== undefined && (await isOf(crypto, certificate, identity))) {
      return (this.#self = { ...identity, certificate })
    }
    await records.put(CERTIFICATE_PATH, toBase64(identity.certificate))
    return (this.#self = identity)
  }

  async #loaded(): Promise<PrekeyStore> {
    if (this.#store !== undefined) return this.#store
    const { crypto, records } = this.#init
    const kept = await records.get<string>(PATH)
    this.#store =
      kept === undefined
        ? new PrekeyStore(crypto)
        : await PrekeyStore.restore(crypto, fromBase64(kept))
    return this.#store
  }

  async #save(store: PrekeyStore): Promise<void> {
    const state = await store.exportState()
    await this.#init.records.put(PATH, toBase64(state))
    state.fill(0)
  }
}

/** Whether a certificate is for these keys. */
async function isOf(
  crypto: CryptoPort,
  certificate: Uint8Array,
  identity: Identity,
): Promise<boolean> {
  const { signing, agreement, peerKey } = identity
  try {
    const own = await verifyCertificate(crypto, certificate)
    return (
      equalBytes(own.verifyingKey.spki, signing.publicKey.spki) &&
      equalBytes(own.agreementKey.spki, agreement.publicKey.spki) &&
      own.peerId.equals(peerIdFromPrivateKey(peerKey))
    )
  } catch {
    return false
  }
}

/** The id stands in front, docs/specs/session.md §5. */
function handedOut(published: Uint8Array): HandedOut {
  const view = new DataView(published.buffer, published.byteOffset, published.byteLength)
  return { id: view.getUint32(0), published: toBase64(published) }
}
