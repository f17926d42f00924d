import { expect } from 'chai'
import { createTestnet, type Testnet } from '../../src/node/testnet/create-testnet.ts'
import { eventually } from '../fixtures/wait-for.ts'

/** Above ten of one address, gossipsub as it comes thinks ill of all of them. */
const HOUSEHOLD = 14

describe('a room of a dozen people and more behind one address', () => {
  let net: Testnet<string>

  afterEach(async () => {
    await net.stop()
  })

  it('carries what everybody says to everybody', async function () {
    // 91 connections in this one process: CPU time, not waiting
    this.timeout(120_000)
    const names = Array.from({ length: HOUSEHOLD }, (_, index) => `peer ${index}`)
    net = await createTestnet({ peers: names })
    const chats = names.map((name) => net.peer(name).chat)
    for (const [index, chat] of chats.entries()) {
      for (const other of chats.slice(index + 1)) await chat.connect(other.self.fingerprint)
    }
    for (const chat of chats) await chat.joinRoom('house')
    await eventually(async () => {
      for (const { name, members } of chats.flatMap((chat) => chat.rooms())) {
        if (name === 'house') expect(members).to.have.length(HOUSEHOLD)
      }
    }, 45_000)
    const texts = names.map((name) => `this is ${name}`).sort()
    for (const [index, chat] of chats.entries()) await chat.sendToRoom('house', texts[index] ?? '')
    await eventually(async () => {
      for (const chat of chats) {
        const heard = chat.roomMessages('house').map(({ text }) => text)
        expect(heard.sort()).to.deep.equal(texts)
      }
    })
  })
})
