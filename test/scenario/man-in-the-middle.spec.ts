import { expect } from 'chai'
import { acceptHandshake } from '../../src/chat/direct/handshake-exchange.ts'
import { CHAT_PROTOCOL } from '../../src/chat/direct/constants.ts'
import { FrameStream } from '../../src/chat/frame/frame-stream.ts'
import { verifyCertificate } from '../../src/chat/identity/certificate.ts'
import { assembleIdentity, type Identity } from '../../src/chat/identity/identity.ts'
import { IdentityCertificate } from '../../src/chat/identity/pb/certificate.ts'
import { ratchetSessions } from '../../src/crypto/session-protocol.ts'
import { nodeCrypto } from '../../src/node/crypto/node-crypto.ts'
import { startNodePeer, type Peer } from '../../src/node/node-peer.ts'
import { createTestnet, type Testnet } from '../../src/node/testnet/create-testnet.ts'
import { deterministicIdentity } from '../../src/node/testnet/deterministic-identity.ts'
import { addressOf } from '../fixtures/hostile-peer.ts'
import { waitFor } from '../fixtures/wait-for.ts'

describe('a man in the middle', () => {
  let net: Testnet<'alice' | 'bob'>
  let mallory: Peer | undefined

  beforeEach(async () => {
    net = await createTestnet({ peers: ['alice', 'bob'] })
  })

  afterEach(async () => {
    await mallory?.stop()
    await net.stop()
  })

  async function startMallory(identity: Identity): Promise<Peer> {
    mallory = await startNodePeer({
      dataDir: undefined,
      identity,
      listen: ['/ip4/127.0.0.1/tcp/0'],
      bootstrap: net.bootstrap,
      mdns: false,
      strangers: 'accept',
    })
    return mallory
  }

  it('who answers in place of a known peer with keys of their own is caught by the fingerprint', async () => {
    const [alice, bob] = [net.peer('alice').chat, net.peer('bob')]
    await alice.lookup('bob')
    await alice.connect(bob.chat.self.fingerprint)
    // mallory got hold of bob's device key, the Ed25519 one, and swaps the person behind it
    const [stolen, own] = await Promise.all([
      deterministicIdentity('bob'),
      deterministicIdentity('mallory'),
    ])
    const gone = new Promise<void>((resolve) => {
      net.peer('alice').libp2p.addEventListener('peer:disconnect', ({ detail }) => {
        if (detail.equals(bob.libp2p.peerId)) resolve()
      })
    })
    await bob.stop()
    await gone
    const { signing, agreement } = own
    const keys = { signing, agreement, peerKey: stolen.peerKey }
    const impostor = await startMallory(await assembleIdentity(nodeCrypto, keys))
    await impostor.chat.register('bob')

    const alarm = waitFor(alice, 'conversation:change', (change) => change.alarm !== undefined)
    await net.peer('alice').libp2p.dial(addressOf(impostor))
    const err = await alice.connect(bob.chat.self.fingerprint).catch((error: unknown) => error)
    expect(err).to.include({ name: 'ConnectError', reason: 'identity-changed' })
    expect((await alarm).alarm).to.deep.equal({
      kind: 'identity-changed',
      fingerprint: own.fingerprint,
    })

    const queued = waitFor(alice, 'message:change', ({ reason }) => reason === 'identity-changed')
    await alice.send(bob.chat.self.fingerprint, 'for bob alone')
    expect(await queued).to.include({ state: 'queued' })
    const sentTo = await impostor.chat.messages(alice.self.fingerprint)
    expect(sentTo).to.deep.equal([])
  })

  it('who takes the name of somebody is shown with another fingerprint', async () => {
    const [alice, bob] = [net.peer('alice').chat, net.peer('bob').chat]
    await alice.lookup('bob')
    await alice.connect(bob.self.fingerprint)
    const impostor = await net.add('mallory')
    await impostor.chat.register('bob')
    const { people } = await alice.lookup('bob')
    expect(people.map(({ fingerprint, known }) => ({ fingerprint, known }))).to.deep.equal([
      { fingerprint: bob.self.fingerprint, known: true },
      { fingerprint: impostor.chat.self.fingerprint, known: false },
    ])
  })

  for (const [what, presented] of [
    ['the certificate of somebody else', forwarded],
    ['a key inside the certificate of somebody else', swapped],
  ] as const) {
    it(`who presents ${what} is refused`, async () => {
      const alice = net.peer('alice').chat
      const bob = await deterministicIdentity('bob')
      const own = await deterministicIdentity('mallory')
      const middle = await startMallory(own)
      const certificate = presented(own, bob)
      await middle.libp2p.handle(
        CHAT_PROTOCOL,
        async (stream, connection) => {
          await acceptHandshake({
            frames: new FrameStream(stream),
            sessions: ratchetSessions(nodeCrypto, { now: Date.now }),
            self: { ...own, certificate },
            verifyRemote: (theirs) => verifyCertificate(nodeCrypto, theirs),
            context: {
              initiatorPeer: connection.remotePeer.toMultihash().bytes,
              responderPeer: middle.libp2p.peerId.toMultihash().bytes,
            },
            randomBytes: (length) => nodeCrypto.randomBytes(length),
            now: Date.now,
            signal: AbortSignal.timeout(5000),
          })
        },
        { force: true },
      )
      const err = await alice
        .lookup(middle.chat.self.multiaddrs[0] ?? '')
        .catch((failure: unknown) => failure)
      expect(err).to.include({ name: 'ConnectError', reason: 'handshake-failed' })
      expect(causes(err)).to.include('IdentityError')
      expect(alice.conversations()).to.deep.equal([])
    })
  }
})

/** Bob's own certificate, as mallory got it when talking with bob. */
function forwarded(_own: Identity, bob: Identity): Uint8Array {
  return bob.certificate
}

/** Bob's certificate with mallory's peer and mallory's agreement key in it. */
function swapped(own: Identity, bob: Identity): Uint8Array {
  const [theirs, mine] = [bob, own].map(({ certificate }) =>
    IdentityCertificate.decode(certificate),
  )
  if (theirs === undefined || mine === undefined) throw new Error('no certificate')
  const { agreementKey, peerKey, peerSignature } = mine
  return IdentityCertificate.encode({ ...theirs, agreementKey, peerKey, peerSignature })
}

/** Names of all that led to an error, those of each way that was tried among them. */
function causes(err: unknown): string[] {
  if (!(err instanceof Error)) return []
  const ways: unknown[] = err instanceof AggregateError ? err.errors : []
  return [err.name, ...[err.cause, ...ways].flatMap(causes)]
}
