import { defaultLogger } from '@libp2p/logger'
import { expect } from 'chai'
import { signProfile } from '../../../src/chat/directory/profile-record.ts'
import { PROFILE_LIFETIME_MS } from '../../../src/chat/directory/constants.ts'
import { HAND_ON_AFTER_MS } from '../../../src/chat/directory/keeping/constants.ts'
import { Keeper } from '../../../src/chat/directory/keeping/keeper.ts'
import { createValidators, peerKey, profileKey } from '../../../src/chat/directory/records.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { HandingOn } from '../../../src/node/dht/handing-on.ts'
import { NOW } from '../../chat/support/channels.ts'
import { person, type TestPerson } from '../../chat/support/people.ts'

describe('what is handed on', () => {
  let alice: TestPerson
  let keys: { readonly byFingerprint: Uint8Array; readonly byPeer: Uint8Array }
  let now: number
  let keeper: Keeper
  let kept: Map<string, Uint8Array>
  let put: string[]
  let isNear: boolean
  let onPut: () => void
  let handingOn: HandingOn

  before(async () => {
    alice = await person('alice')
    keys = { byFingerprint: profileKey(alice.identity.fingerprint), byPeer: peerKey(alice.peerId) }
  })

  beforeEach(() => {
    now = NOW
    kept = new Map()
    put = []
    isNear = true
    onPut = () => undefined
    const clock = () => now
    keeper = new Keeper({ validators: createValidators(nodeCrypto, clock), now: clock })
    handingOn = new HandingOn({
      keeper,
      record: (key) => Promise.resolve(kept.get(key)),
      isNear: () => isNear,
      put: (key) => {
        put.push(text(key))
        onPut()
        return (async function* () {})()
      },
      now: clock,
      paceMs: 0,
      log: defaultLogger().forComponent('test'),
    })
  })

  const text = (key: Uint8Array) => new TextDecoder().decode(key)

  async function bring(peer: string, sequence: number, key = keys.byPeer): Promise<void> {
    const fields = { sequence, multiaddrs: [] }
    const record = await signProfile(nodeCrypto, alice.identity, fields, NOW)
    await keeper.takeRecord(peer, key, record)
    kept.set(text(key), record)
  }

  it('is what nobody brought for so long, the longest first, and once', async () => {
    await bring('alice', 1, keys.byPeer)
    now += 1000
    await bring('alice', 1, keys.byFingerprint)
    now += HAND_ON_AFTER_MS - 1001
    await handingOn.round()
    expect(put).to.deep.equal([])
    now += 1001
    await handingOn.round()
    await handingOn.round()
    expect(put).to.deep.equal([text(keys.byPeer), text(keys.byFingerprint)])
    now += HAND_ON_AFTER_MS
    await handingOn.round()
    expect(put).to.have.lengthOf(4)
  })

  for (const [who, peer, sequence] of [
    ['its owner published anew', 'alice', 2],
    ['somebody else handed on', 'bob', 1],
  ] as const) {
    it(`is nothing that ${who}`, async () => {
      await bring('alice', 1)
      now += HAND_ON_AFTER_MS - 1
      await bring(peer, sequence)
      now += HAND_ON_AFTER_MS - 1
      await handingOn.round()
      expect(put).to.deep.equal([])
    })
  }

  it('is nothing that somebody brought while the round was under way', async () => {
    await bring('alice', 1, keys.byPeer)
    await bring('alice', 1, keys.byFingerprint)
    now += HAND_ON_AFTER_MS
    onPut = () => {
      keeper.heard(text(keys.byFingerprint))
    }
    await handingOn.round()
    expect(put).to.deep.equal([text(keys.byPeer)])
  })

  it('is nothing to which others are nearer', async () => {
    await bring('alice', 1)
    now += HAND_ON_AFTER_MS
    isNear = false
    await handingOn.round()
    expect(put).to.deep.equal([])
  })

  it('is nothing that has ended', async () => {
    await bring('alice', 1)
    now += PROFILE_LIFETIME_MS
    await handingOn.round()
    expect(put).to.deep.equal([])
  })

  it('goes on where one of them could not be laid down, and not once it was stopped', async () => {
    await bring('alice', 1, keys.byPeer)
    await bring('alice', 1, keys.byFingerprint)
    now += HAND_ON_AFTER_MS
    onPut = () => {
      throw new Error('nobody there')
    }
    await handingOn.round()
    expect(put).to.have.lengthOf(2)
    now += HAND_ON_AFTER_MS
    handingOn.stop()
    await handingOn.round()
    expect(put).to.have.lengthOf(2)
  })
})
