import { defaultLogger } from '@libp2p/logger'
import { expect } from 'chai'
import { Outgoing } from '../../../src/chat/letters/outgoing.ts'
import { createMessageId } from '../../../src/chat/message/message-id.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { memoryRecords } from './support.ts'
import type { RecordStore } from '../../../src/chat/store/record-store.ts'
import type { Correspondence, WaitingContent } from '../../../src/chat/letters/index.ts'

const FINGERPRINT = 'b'.repeat(64)

/** Somebody to write to, and what became of it. */
class Desk {
  readonly waiting: WaitingContent[] = []
  readonly letters: { ids: string[]; acknowledged: number }[] = []
  readonly stored: [string, number][] = []
  readonly unacknowledged: Uint8Array[] = []
  isConnected = false
  mailboxes = 3
  fails = false
  #wake: (() => void) | undefined
  readonly #shutdown = new AbortController()
  readonly outgoing: Outgoing
  readonly records: RecordStore

  constructor(records = memoryRecords()) {
    this.records = records
    const correspondence = {
      waiting: () => [...this.waiting],
      isConnected: () => this.isConnected,
      posting: () => undefined,
      stored: (_: string, ids: readonly string[], count: number) => {
        for (const id of ids) this.stored.push([id, count])
      },
    } as unknown as Correspondence
    this.outgoing = new Outgoing({
      fingerprint: FINGERPRINT,
      records,
      correspondence,
      now: Date.now,
      log: defaultLogger().forComponent('sotto:test'),
      delayMs: 20,
      inTurn: (task) => task(),
      unacknowledged: () => [...this.unacknowledged],
      onAcknowledged: (ids) => {
        for (const id of ids) this.unacknowledged.splice(this.unacknowledged.indexOf(id), 1)
      },
      signal: this.#shutdown.signal,
      writer: {
        write: (_, contents, acknowledged) => {
          if (this.fails) return Promise.reject(new Error('no bundle'))
          const ids = contents.map(({ content }) => content.id)
          this.letters.push({ ids, acknowledged: acknowledged.length })
          return Promise.resolve({
            contact: { publicKey: new Uint8Array(32) },
            letter: new Uint8Array(8192),
          })
        },
      },
      mailboxes: {
        deposit: () => {
          queueMicrotask(() => this.#wake?.())
          return Promise.resolve(this.mailboxes)
        },
      },
    })
  }

  write(text = 'x'): string {
    const timestamp = Date.now()
    const id = createMessageId(timestamp, (length) => nodeCrypto.randomBytes(length))
    this.waiting.push({ content: { type: 'text', id, timestamp, text } as never })
    this.outgoing.notice()
    return id
  }

  /** Resolves after the next deposit. */
  deposited(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = undefined
        // what follows a deposit in the same turn has happened
        setTimeout(resolve, 0)
      }
    })
  }

  stop(): void {
    this.#shutdown.abort()
  }
}

describe('letters to one person', () => {
  let desk: Desk

  beforeEach(() => {
    desk = new Desk()
  })

  afterEach(() => {
    desk.stop()
  })

  it('carry what direct delivery did not get through in time, and say how many hold it', async () => {
    const deposited = desk.deposited()
    const ids = [desk.write(), desk.write(), desk.write()]
    await deposited
    expect(desk.letters).to.deep.equal([{ ids, acknowledged: 0 }])
    expect(desk.stored).to.deep.equal(ids.map((id) => [id, 3]))
  })

  it('are not written for what was acknowledged meanwhile', async () => {
    desk.write()
    desk.waiting.length = 0
    const deposited = desk.deposited()
    const id = desk.write()
    await deposited
    expect(desk.letters.map(({ ids }) => ids)).to.deep.equal([[id]])
  })

  it('give a channel that is up four times as long', async () => {
    desk.isConnected = true
    const startedAt = performance.now()
    const deposited = desk.deposited()
    desk.write()
    await deposited
    expect(performance.now() - startedAt).to.be.at.least(75)
  })

  it('are written once, while they lie in three mailboxes', async () => {
    const deposited = desk.deposited()
    desk.write()
    await deposited
    desk.outgoing.notice()
    desk.outgoing.hurry()
    const next = desk.deposited()
    const later = desk.write()
    await next
    expect(desk.letters).to.have.lengthOf(2)
    expect(desk.letters[1]?.ids).to.deep.equal([later])
  })

  it('are laid down again as they are when too few took them, as soon as the network is back', async () => {
    desk.mailboxes = 1
    const deposited = desk.deposited()
    const id = desk.write()
    await deposited
    desk.mailboxes = 3
    const again = desk.deposited()
    desk.outgoing.hurry()
    await again
    expect(desk.letters).to.have.lengthOf(1)
    expect(desk.stored).to.deep.equal([
      [id, 1],
      [id, 3],
    ])
  })

  it('are written later when there is nothing yet to seal them with', async () => {
    desk.fails = true
    desk.write()
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(desk.stored).to.deep.equal([])
    desk.fails = false
    const deposited = desk.deposited()
    desk.outgoing.hurry()
    await deposited
    expect(desk.letters).to.have.lengthOf(1)
  })

  it('are several when there is too much for one', async () => {
    desk.waiting.push(...Array.from({ length: 300 }, () => large()))
    let deposited = desk.deposited()
    desk.outgoing.notice()
    await deposited
    while (desk.stored.length < 300) {
      deposited = desk.deposited()
      await deposited
    }
    expect(desk.letters.length).to.be.greaterThan(3)
    const ids = desk.waiting.map(({ content }) => content.id)
    expect(desk.letters.flatMap((letter) => letter.ids)).to.deep.equal(ids)
  })

  it('are remembered over a restart', async () => {
    const deposited = desk.deposited()
    const id = desk.write()
    await deposited
    desk.stop()
    const again = new Desk(desk.records)
    again.waiting.push(...desk.waiting)
    again.outgoing.notice()
    const next = again.deposited()
    const later = again.write()
    await next
    expect(again.letters.map(({ ids }) => ids)).to.deep.equal([[later]])
    expect(again.stored).to.deep.equal([
      [id, 3],
      [later, 3],
    ])
    again.stop()
  })

  it('carry acknowledgements that wait', async () => {
    desk.unacknowledged.push(new Uint8Array(16))
    const deposited = desk.deposited()
    desk.write()
    await deposited
    expect(desk.letters.map(({ acknowledged }) => acknowledged)).to.deep.equal([1])
    expect(desk.unacknowledged).to.deep.equal([])
  })
})

function large(): WaitingContent {
  const timestamp = Date.now()
  const id = createMessageId(timestamp, (length) => nodeCrypto.randomBytes(length))
  return { content: { type: 'text', id, timestamp, text: 'y'.repeat(2000) } as never }
}
