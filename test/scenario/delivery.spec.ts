import { expect } from 'chai'
import { createTestnet, type Testnet } from '../../src/node/testnet/create-testnet.ts'
import { delivered, received } from '../fixtures/wait-for.ts'
import type { Chat } from '../../src/chat/api.ts'

const COUNT = 150

describe('delivery between two peers', function () {
  this.timeout(60_000)
  let net: Testnet<'alice' | 'bob'>

  beforeEach(async () => {
    net = await createTestnet({ peers: ['alice', 'bob'] })
    await Promise.all([greet('alice', 'bob'), greet('bob', 'alice')])
  })

  afterEach(async () => {
    await net.stop()
  })

  async function greet(from: 'alice' | 'bob', to: 'alice' | 'bob'): Promise<void> {
    const { chat } = net.peer(from)
    await chat.lookup(to)
    const there = delivered(chat, `hello from ${from}`, 20_000)
    await chat.send(net.peer(to).chat.self.fingerprint, `hello from ${from}`)
    await there
  }

  function count(chat: Chat): Map<string, number> {
    const shown = new Map<string, number>()
    chat.addEventListener('message', ({ detail }) => {
      if (!detail.outgoing) shown.set(detail.text, (shown.get(detail.text) ?? 0) + 1)
    })
    return shown
  }

  it('keeps both sides’ bursts whole and in order while connections are cut under them', async () => {
    const [alice, bob] = [net.peer('alice'), net.peer('bob')]
    const shown = { alice: count(alice.chat), bob: count(bob.chat) }
    const texts = (name: string): string[] =>
      Array.from({ length: COUNT }, (_, index) => `${name} ${index}`)
    const last = Promise.all([
      delivered(alice.chat, `alice ${COUNT - 1}`, 40_000),
      delivered(bob.chat, `bob ${COUNT - 1}`, 40_000),
      received(alice.chat, `bob ${COUNT - 1}`, 40_000),
      received(bob.chat, `alice ${COUNT - 1}`, 40_000),
    ])
    const cutting = setInterval(() => {
      const [connection] = alice.libp2p.getConnections(bob.libp2p.peerId)
      connection?.abort(new Error('the path is gone'))
    }, 250)
    const say = async (chat: Chat, to: string, list: readonly string[]): Promise<void> => {
      for (const text of list) {
        await chat.send(to, text)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    }
    await Promise.all([
      say(alice.chat, bob.chat.self.fingerprint, texts('alice')),
      say(bob.chat, alice.chat.self.fingerprint, texts('bob')),
    ])
    clearInterval(cutting)
    await last
    expect([...shown.bob.keys()]).to.deep.equal(texts('alice'))
    expect([...shown.alice.keys()]).to.deep.equal(texts('bob'))
    const counts = [...shown.alice.values(), ...shown.bob.values()]
    expect(counts.every((times) => times === 1)).to.equal(true)
    const kept = await bob.chat.messages(alice.chat.self.fingerprint)
    const written = kept.filter(({ outgoing, note }) => !outgoing && note === undefined)
    expect(written.map(({ text }) => text).slice(-COUNT)).to.deep.equal(texts('alice'))
  })
})
