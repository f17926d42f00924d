import { expect } from 'chai'
import { PrekeyStore } from '../../../src/crypto/handshake/prekey-store.ts'
import { comparePrekeys, prekeyReference } from '../../../src/chat/invitations/invitation.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { person } from '../support/people.ts'

const NOW_MS = 1_800_000_000_000
const WEEK_MS = 7 * 24 * 60 * 60 * 1000

describe('the prekeys that a link names', () => {
  it('are the same in every bundle of the pair, whose signature is another one each time', async () => {
    const { identity } = await person('alice')
    const store = new PrekeyStore(nodeCrypto)
    const told = prekeyReference(nodeCrypto, await store.bundle(identity, NOW_MS))
    const again = await store.bundle(identity, NOW_MS + 1000)
    expect(comparePrekeys(nodeCrypto, told, again)).to.equal('same')
  })

  it('give way to newer ones, and to none that are older', async () => {
    const { identity } = await person('alice')
    const store = new PrekeyStore(nodeCrypto)
    const first = await store.bundle(identity, NOW_MS)
    const later = await store.bundle(identity, NOW_MS + WEEK_MS)
    const reference = (bundle: Uint8Array) => prekeyReference(nodeCrypto, bundle)
    expect(comparePrekeys(nodeCrypto, reference(first), later)).to.equal('newer')
    expect(comparePrekeys(nodeCrypto, reference(later), first)).to.equal('older')
  })

  it('are different where somebody put others in their place', async () => {
    const { identity } = await person('alice')
    const bundles = [new PrekeyStore(nodeCrypto), new PrekeyStore(nodeCrypto)].map((store) =>
      store.bundle(identity, NOW_MS),
    )
    const [told, swapped] = await Promise.all(bundles)
    if (told === undefined || swapped === undefined) throw new Error('no bundle')
    const reference = prekeyReference(nodeCrypto, told)
    expect(comparePrekeys(nodeCrypto, reference, swapped)).to.equal('different')
    expect(comparePrekeys(nodeCrypto, reference, new Uint8Array(20))).to.equal('different')
  })
})
