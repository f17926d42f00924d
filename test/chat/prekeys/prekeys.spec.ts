import { expect } from 'chai'
import { assembleIdentity } from '../../../src/chat/identity/identity.ts'
import { ChunkKind } from '../../../src/chat/frame/chunks.ts'
import { openLetter, writeLetter } from '../../../src/chat/letters/letter.ts'
import { Prekeys } from '../../../src/chat/prekeys/prekeys.ts'
import { equalBytes } from '../../../src/crypto/bytes.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { NOW, writer } from '../letters/support.ts'

const WEEK_MS = 7 * 24 * 60 * 60 * 1000

describe('our prekeys', () => {
  it('open, after a restart, letters to a bundle from before', async () => {
    const [alice, bob] = [await writer('alice'), await writer('bob')]
    const letter = await writeLetter(alice.tools, { bundle: await bob.prekeys.bundle() }, () =>
      Promise.resolve([{ kind: ChunkKind.message, data: Uint8Array.of(1) }]),
    )
    // the certificate is signed anew at every start
    const identity = await assembleIdentity(nodeCrypto, bob.tools.identity)
    expect(equalBytes(identity.certificate, bob.tools.identity.certificate)).to.equal(false)
    const { records } = bob
    const again = new Prekeys({ crypto: nodeCrypto, identity, records, now: () => NOW })
    const opened = await again.use((store, self) =>
      openLetter({ ...bob.tools, identity }, self, store, letter),
    )
    expect(opened.envelopes).to.have.lengthOf(1)
  })

  it('change every week, and those of before still open letters', async () => {
    let now = NOW
    const [alice, bob] = [await writer('alice', () => now), await writer('bob', () => now)]
    const first = await bob.prekeys.bundle()
    now += WEEK_MS - 1
    const same = await bob.prekeys.bundle()
    expect(equalBytes(first.slice(0, 100), same.slice(0, 100))).to.equal(true)
    const letter = await writeLetter(alice.tools, { bundle: first }, () =>
      Promise.resolve([{ kind: ChunkKind.message, data: Uint8Array.of(1) }]),
    )
    now += 2
    const next = await bob.prekeys.bundle()
    expect(equalBytes(first.slice(0, 100), next.slice(0, 100))).to.equal(false)
    now += 2 * WEEK_MS
    const opened = await bob.prekeys.use((store, self) =>
      openLetter(bob.tools, self, store, letter),
    )
    expect(opened.envelopes).to.have.lengthOf(1)
  })

  it('are handed to each contact apart, the same ones until they are used', async () => {
    const bob = await writer('bob')
    const [toAlice, toCarol] = [
      await bob.prekeys.oneTimeFor('a'.repeat(64)),
      await bob.prekeys.oneTimeFor('c'.repeat(64)),
    ]
    expect(new Set([...toAlice, ...toCarol])).to.have.lengthOf(8)
    expect(await bob.prekeys.oneTimeFor('a'.repeat(64))).to.deep.equal(toAlice)
  })

  it('are never more than a hundred for one use', async () => {
    const bob = await writer('bob')
    const handed: string[] = []
    for (let contact = 0; contact < 30; contact++) {
      handed.push(...(await bob.prekeys.oneTimeFor(String(contact).padStart(64, '0'))))
    }
    expect(handed).to.have.lengthOf(100)
  })
})
