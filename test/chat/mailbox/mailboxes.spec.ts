import { expect } from 'chai'
import { toHex } from '../../../src/crypto/bytes.ts'
import { boxOf, dayOf } from '../../../src/chat/mailbox/box.ts'
import { DAY_MS } from '../../../src/chat/mailbox/constants.ts'
import { MailboxClient } from '../../../src/chat/mailbox/mailbox-client.ts'
import { DEFAULT_QUOTAS } from '../../../src/chat/mailbox/shelf.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { eventually } from '../../fixtures/wait-for.ts'
import { LyingMailbox } from './support/lying-mailbox.ts'
import type { Stream } from '@libp2p/interface'
import { anyLetter, MailNetwork, type Member } from './support/mail-network.ts'

/** What somebody collects now, as the first bytes of each letter; taken and removed, or left. */
async function collected(owner: Member, remove = true): Promise<string[]> {
  const found: string[] = []
  await owner.mailboxes.collect('all', (letters) => {
    found.push(...letters.map(({ bytes }) => head(bytes)))
    return Promise.resolve(remove ? letters.map(({ id }) => id) : [])
  })
  return found
}

const head = (letter: Uint8Array): string => toHex(letter.subarray(0, 8))

async function heldBy({ components }: Member): Promise<number> {
  return (await Array.fromAsync(components.records.iterate({ prefix: 'mailbox/index/' }))).length
}

describe('mailboxes', () => {
  let net: MailNetwork
  let alice: Member
  let bob: Member

  beforeEach(async () => {
    net = new MailNetwork()
    alice = await net.add('alice', { serve: false })
    bob = await net.add('bob', { serve: false })
  })

  afterEach(async () => {
    await net.stop()
  })

  it('keep a letter in three places until its owner has it, and in none afterwards', async () => {
    const boxes = await net.addBoxes(6)
    const letter = anyLetter()
    expect(await alice.mailboxes.deposit(bob.mailboxes.contact, letter)).to.equal(3)
    expect(sum(await Promise.all(boxes.map(heldBy)))).to.equal(3)
    expect(await collected(bob)).to.deep.equal([head(letter)])
    expect(sum(await Promise.all(boxes.map(heldBy)))).to.equal(0)
    expect(await collected(bob)).to.deep.equal([])
  })

  it('leave a letter where it is until its owner is done with it', async () => {
    await net.addBoxes(4)
    const letter = anyLetter()
    await alice.mailboxes.deposit(bob.mailboxes.contact, letter)
    expect(await collected(bob, false)).to.deep.equal([head(letter)])
    expect(await collected(bob)).to.deep.equal([head(letter)])
  })

  it('give many letters, also when a visit breaks off in the middle', async function () {
    this.timeout(60_000)
    await net.addBoxes(1)
    const letters = Array.from({ length: 150 }, () => anyLetter())
    for (const letter of letters) await alice.mailboxes.deposit(bob.mailboxes.contact, letter)
    let visit: Stream | undefined
    net.intercept = (_, handler) => (stream, connection) => {
      visit = stream
      return handler(stream, connection)
    }
    const found: string[] = []
    const taken = await bob.mailboxes.collect('recent', (batch) => {
      if (found.length === 0) visit?.abort(new Error('the connection is gone'))
      found.push(...batch.map(({ bytes }) => head(bytes)))
      return Promise.resolve(batch.map(({ id }) => id))
    })
    expect(taken).to.be.at.least(150)
    expect(new Set(found)).to.deep.equal(new Set(letters.map(head)))
  })

  it('work with one mailbox as well, and say that it is one', async () => {
    await net.addBoxes(1)
    const letter = anyLetter()
    expect(await alice.mailboxes.deposit(bob.mailboxes.contact, letter)).to.equal(1)
    expect(await collected(bob)).to.deep.equal([head(letter)])
  })

  it('are visited once for letters that follow each other, and again when that visit has ended', async () => {
    await net.addBoxes(3)
    const visits: Stream[] = []
    net.intercept = (_, handler) => (stream, connection) => {
      visits.push(stream)
      return handler(stream, connection)
    }
    const deposit = () => alice.mailboxes.deposit(bob.mailboxes.contact, anyLetter())
    for (let i = 0; i < 5; i++) expect(await deposit()).to.equal(3)
    expect(visits).to.have.lengthOf(3)
    const ended = visits.map(closed)
    for (const stream of visits) stream.abort(new Error('enough'))
    await Promise.all(ended)
    expect(await deposit()).to.equal(3)
    expect(visits).to.have.lengthOf(6)
  })

  it('say that nobody keeps a letter where nobody is willing', async () => {
    expect(await alice.mailboxes.deposit(bob.mailboxes.contact, anyLetter())).to.equal(0)
  })

  it('lose nothing when two of three vanish', async () => {
    const boxes = await net.addBoxes(3)
    const letters = [anyLetter(), anyLetter(), anyLetter()]
    for (const letter of letters) await alice.mailboxes.deposit(bob.mailboxes.contact, letter)
    for (const box of boxes.slice(0, 2)) net.vanish(box)
    net.now += 5 * 60_000
    expect(await collected(bob)).to.deep.equal(letters.map(head))
  })

  it('give a stranger letters of a stranger, for a stamp', async () => {
    await net.addBoxes(3)
    const { publicKey } = bob.mailboxes.contact
    const letter = anyLetter()
    expect(await alice.mailboxes.deposit({ publicKey }, letter)).to.equal(3)
    expect(await collected(bob)).to.deep.equal([head(letter)])
  })

  it('use another address each day, and the owner looks at those of all days', async () => {
    await net.addBoxes(3)
    const letters = [anyLetter(), anyLetter(), anyLetter()]
    for (const letter of letters) {
      await alice.mailboxes.deposit(bob.mailboxes.contact, letter)
      net.now += 4 * DAY_MS
    }
    const box = net.members.get('box 0')
    const addresses = await Array.fromAsync(
      box?.components.records.entries({ prefix: 'mailbox/index/' }) ?? [],
      ([path]) => path.split('/')[2],
    )
    expect(new Set(addresses)).to.have.lengthOf(3)
    expect(await collected(bob)).to.have.members(letters.map(head))
  })

  it('find a letter that was laid down a moment before midnight, a moment after', async () => {
    await net.addBoxes(3)
    net.now = Date.UTC(2026, 0, 20) - 1
    const letter = anyLetter()
    await alice.mailboxes.deposit(bob.mailboxes.contact, letter)
    net.now += 2
    const found: string[] = []
    await bob.mailboxes.collect('recent', (letters) => {
      found.push(...letters.map(({ bytes }) => head(bytes)))
      return Promise.resolve([])
    })
    expect(found).to.deep.equal([head(letter)])
  })

  it('forget a letter that nobody came for in a fortnight', async () => {
    await net.addBoxes(1)
    await alice.mailboxes.deposit(bob.mailboxes.contact, anyLetter())
    const [box] = [net.members.get('box 0')]
    if (box === undefined) throw new Error('no mailbox')
    net.vanish(box)
    net.now += 14 * DAY_MS + 1
    const again = await net.add('box 0', { store: box.store })
    expect(await heldBy(again)).to.equal(0)
  })

  it('have their letters still after a restart', async () => {
    await net.addBoxes(1)
    const letter = anyLetter()
    await alice.mailboxes.deposit(bob.mailboxes.contact, letter)
    const box = net.members.get('box 0')
    if (box === undefined) throw new Error('no mailbox')
    net.vanish(box)
    net.now += 5 * 60_000
    expect(await collected(bob)).to.deep.equal([])
    await net.add('box 0', { store: box.store })
    net.now += 5 * 60_000
    expect(await collected(bob)).to.deep.equal([head(letter)])
  })

  it('let nobody collect or remove who only knows what contacts know', async () => {
    await net.addBoxes(1)
    await alice.mailboxes.deposit(bob.mailboxes.contact, anyLetter())
    const box = await boxOf(nodeCrypto, bob.mailboxes.contact, dayOf(net.now))
    const mailbox = net.members.get('box 0')
    if (mailbox === undefined) throw new Error('no mailbox')
    const client = await MailboxClient.visit(alice.components.libp2p, mailbox.peerId)
    const attempt = client.open({ ...box, sign: () => new Uint8Array(64) })
    expect(await attempt.catch((err: unknown) => err)).to.have.property('name', 'MailboxProofError')
    // nor anything of a box that was not opened
    expect(await client.list(0).catch((err: unknown) => err)).to.have.property(
      'name',
      'MailboxProofError',
    )
    await client.close()
    expect(await collected(bob)).to.have.lengthOf(1)
  })

  it('hand letters on to the nearest when one of them is gone', async () => {
    const boxes = await net.addBoxes(6)
    await alice.mailboxes.deposit(bob.mailboxes.contact, anyLetter())
    const holding = await Promise.all(boxes.map(heldBy))
    const gone = boxes[holding.indexOf(1)]
    if (gone === undefined) throw new Error('nobody holds the letter')
    net.vanish(gone)
    const left = boxes.filter((box) => box !== gone)
    for (const box of left) await box.mailboxes.repair()
    expect(sum(await Promise.all(left.map(heldBy)))).to.equal(3)
  })

  it('hand letters on by themselves when the connection to one that kept them is gone', async () => {
    const boxes = await net.addBoxes(6)
    const letter = anyLetter()
    await alice.mailboxes.deposit(bob.mailboxes.contact, letter)
    // a first round tells each who else keeps the letter
    for (const box of boxes) await box.mailboxes.repair()
    const holding = await Promise.all(boxes.map(heldBy))
    const gone = boxes[holding.indexOf(1)]
    if (gone === undefined) throw new Error('nobody holds the letter')
    net.vanish(gone)
    const left = boxes.filter((box) => box !== gone)
    await eventually(async () => {
      expect(sum(await Promise.all(left.map(heldBy)))).to.equal(3)
    }, 10_000)
  })

  it('turn to the next nearest when an heir does not answer', async () => {
    const boxes = await net.addBoxes(6)
    await alice.mailboxes.deposit(bob.mailboxes.contact, anyLetter())
    const { address } = await boxOf(nodeCrypto, bob.mailboxes.contact, dayOf(net.now))
    const [gone, , , deaf, next] = byDistance(boxes, address)
    if (gone === undefined || next === undefined) throw new Error('too few mailboxes')
    net.vanish(gone)
    net.intercept = (name, handler) =>
      name === deaf?.name
        ? (stream) => {
            stream.abort(new Error('deaf'))
          }
        : handler
    for (const box of boxes.filter((one) => one !== gone)) await box.mailboxes.repair()
    expect(await heldBy(next)).to.equal(1)
  })

  it('let go of what others are nearer to, once the three nearest have it', async () => {
    const [first] = await net.addBoxes(1)
    const letter = anyLetter()
    await alice.mailboxes.deposit(bob.mailboxes.contact, letter)
    const boxes = [...(first === undefined ? [] : [first]), ...(await net.addBoxes(20, 1))]
    net.now += 60 * 60_000
    for (const box of boxes) await box.mailboxes.repair()
    const { address } = await boxOf(nodeCrypto, bob.mailboxes.contact, dayOf(net.now))
    const held = await Promise.all(byDistance(boxes, address).map(heldBy))
    expect(held.slice(0, 3)).to.deep.equal([1, 1, 1])
    expect(sum(held.slice(8))).to.equal(0)
    expect(await collected(bob)).to.deep.equal([head(letter)])
  })

  it('hand everything over when they stop', async () => {
    const boxes = await net.addBoxes(5)
    const letter = anyLetter()
    await alice.mailboxes.deposit(bob.mailboxes.contact, letter)
    const holding = await Promise.all(boxes.map(heldBy))
    for (const box of boxes.filter((_, index) => holding[index] === 1)) {
      await box.mailboxes.stop()
      net.vanish(box)
      net.now += 5 * 60_000
    }
    expect(await collected(bob)).to.deep.equal([head(letter)])
  })

  it('do not bring back what the owner has removed', async () => {
    const boxes = await net.addBoxes(4)
    await alice.mailboxes.deposit(bob.mailboxes.contact, anyLetter())
    const [holder] = boxes.filter((_, index) => index === 0)
    const holding = await Promise.all(boxes.map(heldBy))
    const aside = boxes[holding.indexOf(1)] ?? holder
    if (aside === undefined) throw new Error('nobody holds the letter')
    // one of the three cannot be reached while the owner collects
    net.intercept = (name, handler) =>
      name === aside.name
        ? (stream) => {
            stream.abort(new Error('not now'))
          }
        : handler
    expect(await collected(bob)).to.have.lengthOf(1)
    net.intercept = undefined
    await aside.mailboxes.repair()
    const others = boxes.filter((box) => box !== aside)
    expect(sum(await Promise.all(others.map(heldBy)))).to.be.at.most(1)
  })
})

describe('mailboxes that lie', () => {
  let net: MailNetwork

  beforeEach(() => {
    net = new MailNetwork()
  })

  afterEach(async () => {
    await net.stop()
  })

  for (const lies of [
    ['withholds', 'alters'],
    ['repeats', 'alters'],
    ['invents', 'withholds'],
  ] as const) {
    it(`${lies.join(', ')}: nobody loses a letter, or sees one that was not sent`, async () => {
      const alice = await net.add('alice', { serve: false })
      const bob = await net.add('bob', { serve: false })
      await net.addBoxes(3)
      const liars = new Map(lies.map((lie, index) => [`box ${index}`, new LyingMailbox(lie)]))
      net.intercept = (name, handler) => liars.get(name)?.handler ?? handler
      const letters = Array.from({ length: 5 }, () => anyLetter())
      for (const letter of letters) {
        expect(await alice.mailboxes.deposit(bob.mailboxes.contact, letter)).to.equal(3)
      }
      expect([...liars.values()].map(({ size }) => size)).to.deep.equal([5, 5])
      expect(await collected(bob)).to.have.members(letters.map(head))
    })
  }
})

describe('the quotas of a mailbox', () => {
  let net: MailNetwork
  const small = { ...DEFAULT_QUOTAS, boxLetters: 3, depositorBytes: 5 * 8192, storeBytes: 8 * 8192 }

  beforeEach(() => {
    net = new MailNetwork()
  })

  afterEach(async () => {
    await net.stop()
  })

  it('end what one address may hold', async () => {
    const [alice, bob] = [
      await net.add('alice', { serve: false }),
      await net.add('bob', { serve: false }),
    ]
    await net.add('box 0', { quotas: small })
    const counts: number[] = []
    for (let i = 0; i < 4; i++)
      counts.push(await alice.mailboxes.deposit(bob.mailboxes.contact, anyLetter()))
    expect(counts).to.deep.equal([1, 1, 1, 0])
  })

  it('end what one depositor may bring, and leave others their place', async () => {
    const [flood, honest] = [
      await net.add('mallory', { serve: false }),
      await net.add('alice', { serve: false }),
    ]
    const bob = await net.add('bob', { serve: false })
    await net.add('box 0', { quotas: small })
    let taken = 0
    for (let i = 0; i < 20; i++) {
      // boxes of its own cost an attacker nothing: they are not what is counted
      const own = { publicKey: bob.mailboxes.contact.publicKey, secret: nodeCrypto.randomBytes(32) }
      taken += await flood.mailboxes.deposit(own, anyLetter())
    }
    expect(taken).to.equal(5)
    expect(await honest.mailboxes.deposit(bob.mailboxes.contact, anyLetter())).to.equal(1)
    expect(await collected(bob)).to.have.lengthOf(1)
  })

  it('make the one who holds most give way when everything is full, never one who holds less', async () => {
    const box = await net.add('box 0', { quotas: { ...small, depositorBytes: 8 * 8192 } })
    const bob = await net.add('bob', { serve: false })
    const brings = async (name: string, count: number): Promise<number> => {
      const member = net.members.get(name) ?? (await net.add(name, { serve: false }))
      let taken = 0
      for (let i = 0; i < count; i++) {
        const to = {
          publicKey: bob.mailboxes.contact.publicKey,
          secret: nodeCrypto.randomBytes(32),
        }
        taken += await member.mailboxes.deposit(to, anyLetter())
      }
      return taken
    }
    expect(await brings('mallory', 8)).to.equal(8)
    expect(await brings('alice', 3)).to.equal(3)
    expect(await heldBy(box)).to.equal(8)
    // mallory has 5 left and alice 3: up to 4 each, and then nobody gives way to anybody
    expect(await brings('alice', 5)).to.equal(1)
    expect(await brings('mallory', 1)).to.equal(0)
  })
})

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0)
}

function closed(stream: Stream): Promise<unknown> {
  return new Promise((resolve) => {
    stream.addEventListener('close', resolve, { once: true })
  })
}

/** The nearest first. */
function byDistance(boxes: readonly Member[], address: Uint8Array): Member[] {
  const target = nodeCrypto.sha256(address)
  const distance = ({ peerId }: Member): string => {
    const place = nodeCrypto.sha256(peerId.toMultihash().bytes)
    return toHex(place.map((byte, index) => byte ^ (target[index] ?? 0)))
  }
  return [...boxes].sort((a, b) => (distance(a) < distance(b) ? -1 : 1))
}
