import { expect } from 'chai'
import { createTestnet, type Testnet } from '../../src/node/testnet/create-testnet.ts'
import { waitFor } from '../fixtures/wait-for.ts'

describe('rooms', () => {
  let net: Testnet<'alice' | 'bob'>

  beforeEach(async () => {
    net = await createTestnet({ peers: ['alice', 'bob'] })
  })

  afterEach(async () => {
    await net.stop()
  })

  it('has everybody in the lobby, by name', async () => {
    const [alice, bob] = [net.peer('alice').chat, net.peer('bob').chat]
    const sees =
      (fingerprint: string) =>
      (room: {
        name: string
        members: readonly { fingerprint: string; name: string | undefined }[]
      }) =>
        room.name === 'lobby' &&
        room.members.some(
          (member) => member.fingerprint === fingerprint && member.name !== undefined,
        )
    const lobby = alice.rooms()[0]
    if (lobby === undefined || !sees(bob.self.fingerprint)(lobby)) {
      await waitFor(alice, 'room:change', sees(bob.self.fingerprint))
    }
    expect(alice.people().find(({ name }) => name === 'bob')).to.include({ online: true })
  })

  it('carries what is said in the lobby, signed by its author', async () => {
    const [alice, bob] = [net.peer('alice').chat, net.peer('bob').chat]
    const there = waitFor(bob, 'room:message', ({ text }) => text === 'good morning')
    await alice.sendToRoom('lobby', 'good morning')
    expect(await there).to.include({
      author: alice.self.fingerprint,
      authorName: 'alice',
      room: 'lobby',
    })
  })

  it('creates a room, tells the lobby of it, carries it for others, and forgets it when left', async () => {
    const [alice, bob] = [net.peer('alice').chat, net.peer('bob').chat]
    const heard = waitFor(bob, 'room:change', ({ name }) => name === 'tea-time')
    await alice.joinRoom('#Tea Time')
    expect(await heard).to.include({ joined: false })

    const together = waitFor(
      alice,
      'room:change',
      ({ name, members }) => name === 'tea-time' && members.length === 2,
    )
    await bob.joinRoom('tea-time')
    await together
    // alice and bob are connected through a relay that is not in the room
    const there = waitFor(bob, 'room:message', ({ room }) => room === 'tea-time')
    await alice.sendToRoom('tea-time', 'milk first?')
    expect(await there).to.include({ text: 'milk first?' })
    expect(net.relay?.chat.roomMessages('tea-time')).to.deep.equal([])

    const gone = waitFor(
      alice,
      'room:change',
      ({ name, members }) => name === 'tea-time' && members.length === 1,
    )
    await bob.leaveRoom('tea-time')
    await gone
    const err = await bob.sendToRoom('tea-time', 'still here?').catch((error: unknown) => error)
    expect(err).to.have.property('name', 'InvalidContentError')
  })
})
