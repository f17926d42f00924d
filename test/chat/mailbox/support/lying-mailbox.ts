import { equalBytes, toHex } from '../../../../src/crypto/bytes.ts'
import { ServingStream } from '../../../../src/chat/mailbox/mail-stream.ts'
import {
  Deposit,
  Kind,
  Letters,
  Status,
  type Request,
} from '../../../../src/chat/mailbox/pb/mailbox.ts'
import { nodeCrypto } from '../../../../src/node/crypto/node-crypto.ts'
import type { Stream } from '@libp2p/interface'

export type Lie = 'withholds' | 'repeats' | 'alters' | 'invents'

/** Takes every letter and says so, and then does what it likes. */
export class LyingMailbox {
  readonly #lie: Lie
  readonly #letters = new Map<string, Uint8Array<ArrayBuffer>>()

  constructor(lie: Lie) {
    this.#lie = lie
  }

  get size(): number {
    return this.#letters.size
  }

  readonly handler = (stream: Stream): void => {
    this.#serve(stream).catch((err: unknown) => {
      stream.abort(err instanceof Error ? err : new Error(String(err)))
    })
  }

  async #serve(stream: Stream): Promise<void> {
    const mail = new ServingStream(stream)
    await mail.welcome({ challenge: new Uint8Array(32), stampBits: 0 }, {})
    for (;;) {
      const answer = this.#answer(await mail.read({}))
      await mail.respond({ ids: [], letters: [], more: false, ...answer, status: Status.OK }, {})
    }
  }

  #answer({ kind, body }: Request) {
    if (kind === Kind.DEPOSIT) {
      const { letter } = Deposit.decode(body)
      this.#letters.set(toHex(nodeCrypto.sha256(letter)), letter)
    }
    if (kind === Kind.LIST) return this.#list()
    if (kind === Kind.FETCH) return { letters: this.#fetch(Letters.decode(body).ids) }
    return {}
  }

  #list() {
    const ids = [...this.#letters.values()].map(idOf)
    switch (this.#lie) {
      case 'withholds':
        return { ids: [] }
      case 'repeats':
        // for ever, if anybody listened
        return { ids: [...ids, ...ids], more: true }
      case 'alters':
        return { ids }
      case 'invents':
        return { ids: [...ids, new Uint8Array(32).fill(3)] }
    }
  }

  #fetch(ids: readonly Uint8Array[]): Uint8Array<ArrayBuffer>[] {
    const asked = [...this.#letters.values()].filter((letter) =>
      ids.some((id) => equalBytes(id, idOf(letter))),
    )
    switch (this.#lie) {
      case 'withholds':
        return []
      case 'repeats':
        return [...asked, ...asked]
      case 'alters':
        return asked.map((letter) =>
          letter.map((byte, index) => (index === 5000 ? byte ^ 1 : byte)),
        )
      case 'invents':
        return [...asked, new Uint8Array(8192).fill(5)]
    }
  }
}

function idOf(letter: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(nodeCrypto.sha256(letter))
}
