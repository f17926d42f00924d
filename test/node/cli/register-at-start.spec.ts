import { expect } from 'chai'
import { registerAtStart } from '../../../src/node/cli/register-at-start.ts'
import { createLogger } from '../../../src/node/log/create-logger.ts'
import type { Chat } from '../../../src/chat/api.ts'

const { signal } = new AbortController()

/** A chat that knows its name and how to register, and nothing else. */
class FakeChat extends EventTarget {
  self: { name: string | undefined } = { name: undefined }
  calls = 0
  constructor(readonly answer: (chat: FakeChat) => Promise<number>) {
    super()
  }

  register(): Promise<number> {
    this.calls += 1
    return this.answer(this)
  }
}

describe('registering at start', () => {
  const lines: string[] = []
  const log = createLogger('INFO', { write: (line) => lines.push(line) })
  const run = (chat: FakeChat, name: string | undefined) =>
    registerAtStart(chat as unknown as Chat, name, log, signal)

  beforeEach(() => {
    lines.length = 0
  })

  it('does not wait for the network once the name is taken', async () => {
    const chat = new FakeChat((fake) => {
      fake.self = { name: 'alice' }
      fake.dispatchEvent(new Event('self:change'))
      return new Promise(() => undefined)
    })
    await run(chat, 'alice')
    expect(chat.self.name).to.equal('alice')
  })

  it('does nothing without a name, or when it is the name already', async () => {
    const chat = new FakeChat(async () => 0)
    await run(chat, undefined)
    chat.self = { name: 'alice' }
    await run(chat, 'alice')
    expect(chat.calls).to.equal(0)
  })

  it('fails for a name that is none', async () => {
    const refused = Object.assign(new Error('too long'), { name: 'InvalidNameError' })
    const err: unknown = await run(new FakeChat(() => Promise.reject(refused)), 'x').catch(
      (e: unknown) => e,
    )
    expect(err).to.equal(refused)
  })

  it('goes on when the network does not take it yet', async () => {
    await run(new FakeChat(() => Promise.reject(new Error('nobody there'))), 'alice')
    expect(lines.join('')).to.contain('WARNING name not registered error=Error: nobody there')
  })
})
