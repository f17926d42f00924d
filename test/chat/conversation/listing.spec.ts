import { setImmediate as turn } from 'node:timers/promises'
import { expect } from 'chai'
import { Listing, type ListingInit } from '../../../src/chat/conversation/listing.ts'
import type { Conversation } from '../../../src/chat/api.ts'
import type { Entry } from '../../../src/chat/conversation/entry.ts'

/** Shows no more of a conversation than whose it is. */
class Names extends Listing {
  override view({ fingerprint }: Entry): Conversation {
    return { id: fingerprint } as unknown as Conversation
  }

  override isListed(): boolean {
    return true
  }
}

describe('the list of conversations', () => {
  const [alice, bob] = ['alice', 'bob'].map((fingerprint) => ({ fingerprint }) as unknown as Entry)
  let shown: string[]
  let pauses: (() => void)[]
  let listing: Listing

  beforeEach(() => {
    shown = []
    pauses = []
    listing = new Names({
      entries: { isCurrent: () => true },
      onChange: ({ id }: Conversation) => void shown.push(id),
      schedule: (_: number, then: () => void) => {
        pauses.push(then)
        return () => pauses.splice(pauses.indexOf(then), 1)
      },
    } as unknown as ListingInit)
  })

  function change(...entries: (Entry | undefined)[]): Promise<unknown> {
    for (const entry of entries) if (entry !== undefined) listing.changedSoon(entry)
    return turn()
  }

  it('shows what messages changed when what is at hand is done, each conversation once', async () => {
    const changed = change(alice, bob, alice)
    expect(shown).to.deep.equal([])
    await changed
    expect(shown).to.deep.equal(['alice', 'bob'])
  })

  it('shows what changes soon after it once more, however often it did', async () => {
    await change(alice)
    await change(bob)
    await change(alice, bob)
    expect(shown).to.deep.equal(['alice'])
    pauses.shift()?.()
    expect(shown).to.deep.equal(['alice', 'bob', 'alice'])
    // and goes on so while there is something to show
    await change(alice)
    expect(shown).to.have.length(3)
    pauses.shift()?.()
    expect(shown).to.have.length(4)
    pauses.shift()?.()
    expect(pauses).to.deep.equal([])
    await change(alice)
    expect(shown).to.have.length(5)
  })

  it('does not show again what was shown for another reason meanwhile', async () => {
    const changed = change(alice)
    if (alice !== undefined) listing.changed(alice)
    await changed
    expect(shown).to.deep.equal(['alice'])
  })

  it('shows nothing any more once it is stopped', async () => {
    await change(alice)
    await change(bob)
    listing.stop()
    expect(pauses).to.deep.equal([])
    await change(bob)
    expect(shown).to.deep.equal(['alice'])
  })
})
