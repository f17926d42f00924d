import { defaultLogger } from '@libp2p/logger'
import { expect } from 'chai'
import { ENOUGH_LISTS, ENOUGH_RECORDS } from '../../../src/chat/directory/constants.ts'
import {
  directory,
  type Directory,
  type DirectoryComponents,
} from '../../../src/chat/directory/index.ts'
import { signProfile } from '../../../src/chat/directory/profile-record.ts'
import { ProfileVerifier } from '../../../src/chat/directory/profile-verifier.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { NOW } from '../support/channels.ts'
import { person, type TestPerson } from '../support/people.ts'
import { failure, rejection } from '../support/rejection.ts'
import type { PeerId } from '@libp2p/interface'

const UNANSWERED = 'LookupUnansweredError'

type Dht = DirectoryComponents['dht']
type Answer = Uint8Array | readonly PeerId[] | 'nothing' | 'failed'

describe('a look-up', () => {
  let alice: TestPerson
  let bob: TestPerson
  let asked: number

  before(async () => {
    ;[alice, bob] = await Promise.all([person('alice'), person('bob')])
  })

  beforeEach(() => {
    asked = 0
  })

  const record = (sequence: number, { identity } = alice, name = 'Sam') =>
    signProfile(nodeCrypto, identity, { name, sequence, multiaddrs: [] }, NOW)

  /** As kad-dht answers: what each node asked says, one after the other, until nobody listens any more. */
  async function* events(answers: readonly Answer[]) {
    for (const answer of answers) {
      asked++
      await Promise.resolve()
      if (answer === 'failed') yield { name: 'QUERY_ERROR' }
      else if (answer instanceof Uint8Array) {
        yield { name: 'PEER_RESPONSE', providers: [], record: { value: answer } }
      } else {
        const ids = answer === 'nothing' ? [] : answer
        yield { name: 'PEER_RESPONSE', providers: ids.map((id) => ({ id })) }
      }
    }
  }

  /** A directory over a DHT that gives each query the next answers, and for names the next list of them. */
  function over(records: (readonly Answer[])[], lists: (readonly Answer[])[] = []) {
    const dht = {
      get: () => events(records.shift() ?? []),
      findProviders: () => events(lists.shift() ?? []),
      routingTable: { size: 20 },
    } as unknown as Dht
    const libp2p = { getPeers: () => [] } as unknown as DirectoryComponents['libp2p']
    const components = { libp2p, dht, logger: defaultLogger(), crypto: nodeCrypto }
    return directory(components, { identity: alice.identity, now: () => NOW, publish: false })
  }

  it('takes the newest record it is given, and asks no further once enough have answered', async () => {
    const [old, newest] = await Promise.all([record(1), record(2)])
    const answers = ['nothing', 'failed', old, newest, old, old, old, old, old] as const
    const profile = await over([answers]).findByPeer(alice.peerId)
    expect(profile?.sequence).to.equal(2)
    expect(asked).to.equal(2 + ENOUGH_RECORDS)
  })

  it('keeps what was found when the query fails afterwards', async () => {
    const found = await record(3)
    const dht = {
      async *get() {
        yield* events([found])
        throw new Error('Could not send correction')
      },
      routingTable: { size: 20 },
    } as unknown as Dht
    const libp2p = { getPeers: () => [] } as unknown as DirectoryComponents['libp2p']
    const components = { libp2p, dht, logger: defaultLogger(), crypto: nodeCrypto }
    const looking = directory(components, { identity: alice.identity, now: () => NOW })
    expect((await looking.findByPeer(alice.peerId))?.sequence).to.equal(3)
  })

  it('believes that nobody is there when most of those asked have said so', async () => {
    const looking = over([['nothing', 'failed', 'nothing'], [await record(1)]])
    expect(await looking.findByPeer(alice.peerId)).to.equal(undefined)
    expect(asked).to.equal(3)
  })

  it('asks again when most did not answer', async () => {
    const looking = over([['nothing', 'failed', 'failed'], ['failed'], [await record(1)]])
    expect((await looking.findByPeer(alice.peerId))?.sequence).to.equal(1)
  })

  it('does not know when most never answer', async () => {
    const looking = over([['failed'], ['nothing', 'failed', 'failed'], ['failed']])
    expect(await rejection(() => looking.findByPeer(alice.peerId))).to.equal(UNANSWERED)
  })

  /** One whose DHT says something and then nothing, until whoever asks gives up. */
  function overSilence(dht: object): Directory {
    const libp2p = { getPeers: () => [] } as unknown as DirectoryComponents['libp2p']
    const components = { libp2p, dht: dht as Dht, logger: defaultLogger(), crypto: nodeCrypto }
    const init = { identity: alice.identity, now: () => NOW, publish: false, lookupTimeoutMs: 50 }
    return directory(components, init)
  }

  async function* cutShort(answers: readonly Answer[], signal: AbortSignal) {
    yield* events(answers)
    await new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        reject(new Error('aborted'))
      })
    })
  }

  it('does not take for nobody what it had no time to ask', async () => {
    const looking = overSilence({
      get: (_key: Uint8Array, { signal }: { signal: AbortSignal }) => cutShort(['nothing'], signal),
      findProviders: (_cid: unknown, { signal }: { signal: AbortSignal }) =>
        cutShort(['nothing'], signal),
      routingTable: { size: 20 },
    })
    expect(await rejection(() => looking.findByPeer(alice.peerId))).to.equal(UNANSWERED)
    expect(await rejection(() => looking.findByName('Sam'))).to.equal(UNANSWERED)
  })

  it('does not know of a name whose bearers’ profiles it was not told', async () => {
    const looking = overSilence({
      get: (_key: Uint8Array, { signal }: { signal: AbortSignal }) => cutShort([], signal),
      findProviders: () => events([[alice.peerId], 'nothing']),
      routingTable: { size: 20 },
    })
    expect(await rejection(() => looking.findByName('Sam'))).to.equal(UNANSWERED)
  })

  it('ends without a word when whoever asked has gone', async () => {
    const looking = overSilence({
      get: (_key: Uint8Array, { signal }: { signal: AbortSignal }) => cutShort([], signal),
      routingTable: { size: 20 },
    })
    const gone = AbortSignal.abort()
    expect(await looking.findByPeer(alice.peerId, { signal: gone })).to.equal(undefined)
  })

  it('finds everybody of a name, each once, and nobody whose profile says another', async () => {
    const mallory = await person('mallory')
    const lists = [[[alice.peerId], [bob.peerId, alice.peerId], [mallory.peerId], 'nothing']]
    const records = [
      [await record(1)],
      [await record(1, bob, 'sam')],
      [await record(1, mallory, 'M')],
    ]
    const found = await over(records, lists as Answer[][]).findByName('SAM')
    expect(found.map(({ identity }) => identity.fingerprint)).to.deep.equal([
      alice.identity.fingerprint,
      bob.identity.fingerprint,
    ])
  })

  it('reads so many lists of a name and no more', async () => {
    const list = [alice.peerId]
    const many = Array.from({ length: ENOUGH_LISTS + 5 }, () => list)
    await over([['nothing']], [many]).findByName('Sam')
    // and one node for the profile
    expect(asked).to.equal(ENOUGH_LISTS + 1)
  })
})

describe('a verifier of profiles', () => {
  it('verifies a record once, and notices all the same when it expires', async () => {
    const { identity } = await person('alice')
    let verified = 0
    const counting = Object.create(nodeCrypto) as typeof nodeCrypto
    counting.verify = (...args) => {
      verified++
      return nodeCrypto.verify(...args)
    }
    let now = NOW
    const verifier = new ProfileVerifier(counting, () => now)
    const record = await signProfile(nodeCrypto, identity, { sequence: 1, multiaddrs: [] }, NOW)
    const [{ expiresAt }] = await Promise.all([verifier.verify(record), verifier.verify(record)])
    const once = verified
    await verifier.verify(record)
    expect(verified).to.equal(once)
    now = expiresAt
    const err = await failure(() => verifier.verify(record))
    expect(err).to.include({ name: 'InvalidProfileError', message: 'expired' })
  })

  it('remembers nothing that did not hold', async () => {
    const verifier = new ProfileVerifier(nodeCrypto, () => NOW)
    for (let attempt = 0; attempt < 2; attempt++) {
      const err = await failure(() => verifier.verify(Uint8Array.of(1)))
      expect(err.name).to.equal('InvalidProfileError')
    }
  })
})
