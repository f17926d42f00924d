import { lpStream, type LengthPrefixedStream } from '@libp2p/utils'
import { expect } from 'chai'
import { boxOf, dayOf } from '../../../src/chat/mailbox/box.ts'
import { networkOf } from '../../../src/chat/mailbox/depositor-tags.ts'
import {
  DAY_MS,
  MAILBOX_PROTOCOL,
  MAX_REQUEST_BYTES,
  MAX_REQUESTS_PER_WINDOW,
  MAX_STAMP_BITS,
  STAMP_BITS,
} from '../../../src/chat/mailbox/constants.ts'
import { makeDeposit } from '../../../src/chat/mailbox/deposit.ts'
import {
  Deposit,
  Kind,
  List,
  Open,
  Request,
  Response,
  Welcome,
} from '../../../src/chat/mailbox/pb/mailbox.ts'
import { KnownBoxes } from '../../../src/chat/mailbox/known-boxes.ts'
import { MailboxKeys } from '../../../src/chat/mailbox/mailbox-keys.ts'
import { proofBytes } from '../../../src/chat/mailbox/proof.ts'
import { makeStamp, stampBits } from '../../../src/chat/mailbox/stamp.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { rejection } from '../support/rejection.ts'
import { anyLetter, MailNetwork, type Member } from './support/mail-network.ts'
import type { Stream } from '@libp2p/interface'

describe('a mailbox to which a hostile peer talks', () => {
  let net: MailNetwork
  let box: Member
  let bob: Member
  let stream: Stream
  let lp: LengthPrefixedStream<Stream>
  let challenge: Uint8Array

  beforeEach(async () => {
    net = new MailNetwork()
    bob = await net.add('bob', { serve: false })
    box = await net.add('box 0')
    stream = await bob.components.libp2p.dialProtocol(box.peerId, MAILBOX_PROTOCOL)
    lp = lpStream(stream)
    const welcome = Welcome.decode(await lp.read())
    challenge = welcome.challenge
    expect(welcome.stampBits).to.equal(STAMP_BITS)
  })

  afterEach(async () => {
    stream.abort(new Error('over'))
    await net.stop()
  })

  async function ask(kind: Kind, body: Uint8Array): Promise<string> {
    await lp.write(Request.encode({ kind, body: new Uint8Array(body) }))
    return Response.decode(await lp.read()).status
  }

  async function deposit(change: (deposit: Deposit) => Partial<Deposit>): Promise<string> {
    const { contact } = bob.mailboxes
    const to = await boxOf(nodeCrypto, contact, dayOf(net.now))
    const good = await makeDeposit(nodeCrypto, to, anyLetter(), net.now + 1000, 0)
    return ask(Kind.DEPOSIT, Deposit.encode({ ...good, ...change(good) }))
  }

  it('answers what is no request of its protocol, and goes on', async () => {
    expect(await ask(Kind.NOTHING, new Uint8Array())).to.equal('MALFORMED')
    expect(await ask(Kind.DEPOSIT, Uint8Array.of(255, 255, 255))).to.equal('MALFORMED')
    expect(await ask(Kind.LIST, List.encode({ box: 3, after: new Uint8Array() }))).to.equal(
      'BAD_PROOF',
    )
    expect(await deposit(() => ({}))).to.equal('OK')
    expect(box.refusals).to.deep.equal([
      'MalformedMailError',
      'MalformedMailError',
      'MailboxProofError',
    ])
  })

  it('takes no proof that was made for another mailbox, or for another visit', async () => {
    const keys = await MailboxKeys.load(
      nodeCrypto,
      bob.components.records,
      new KnownBoxes(nodeCrypto),
      net.now,
    )
    const [owned] = await keys.boxes(net.now, 'recent')
    if (owned === undefined) throw new Error('no box')
    const { address, collectKey, depositKey } = owned
    const open = (message: Uint8Array): Promise<string> =>
      ask(
        Kind.OPEN,
        Open.encode({
          collectKey: new Uint8Array(collectKey),
          depositKey: new Uint8Array(depositKey),
          signature: new Uint8Array(owned.sign(message)),
        }),
      )
    expect(await open(proofBytes(challenge, bob.peerId, address))).to.equal('BAD_PROOF')
    expect(await open(proofBytes(new Uint8Array(32), box.peerId, address))).to.equal('BAD_PROOF')
    expect(await open(proofBytes(challenge, box.peerId, address))).to.equal('OK')
  })

  it('takes no letter that is altered, of another size, too old or for too long', async () => {
    expect(await deposit(({ letter }) => ({ letter: letter.map((byte) => byte ^ 1) }))).to.equal(
      'BAD_PROOF',
    )
    expect(await deposit(() => ({ letter: new Uint8Array(8191) }))).to.equal('REFUSED')
    expect(await deposit(() => ({ expiresAt: BigInt(net.now) }))).to.equal('REFUSED')
    const late = BigInt(net.now + 15 * DAY_MS)
    expect(await deposit(() => ({ expiresAt: late }))).to.equal('REFUSED')
    expect(await deposit(() => ({ collectKey: new Uint8Array(31) }))).to.equal('MALFORMED')
  })

  it('takes nothing of strangers without a stamp that is worth what it asks', async () => {
    expect(await deposit(() => ({ depositKey: new Uint8Array() }))).to.equal('BAD_STAMP')
    expect(
      await deposit(() => ({ depositKey: new Uint8Array(), stamp: new Uint8Array(8).fill(7) })),
    ).to.equal('BAD_STAMP')
  })

  it('ends a request that is longer than any', async () => {
    const closed = new Promise((resolve) => {
      stream.addEventListener('close', resolve, { once: true })
    })
    await lp.write(new Uint8Array(MAX_REQUEST_BYTES + 1)).catch(() => undefined)
    await closed
    expect(box.refusals).to.deep.equal(['InvalidDataLengthError'])
  })

  it('answers only so much to one visitor in a minute', async () => {
    let busy = 0
    for (let i = 0; i <= MAX_REQUESTS_PER_WINDOW; i++) {
      if ((await ask(Kind.NOTHING, new Uint8Array())) === 'BUSY') busy++
    }
    expect(busy).to.equal(1)
    net.now += 60_000
    expect(await deposit(() => ({}))).to.equal('OK')
  })
})

describe('stamps of work', () => {
  const [address, id] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]

  it('are worth what was worked for, for one letter to one address', async () => {
    const stamp = await makeStamp(nodeCrypto, address, id, 10)
    expect(stampBits(nodeCrypto, address, id, stamp)).to.be.at.least(10)
    const others = [0, 1, 2, 3, 4].map((fill) =>
      stampBits(nodeCrypto, address, new Uint8Array(32).fill(10 + fill), stamp),
    )
    expect(Math.min(...others)).to.be.below(10)
  })

  it('are not made for a mailbox that asks for more than anybody may', async () => {
    const attempt = () => makeStamp(nodeCrypto, address, id, MAX_STAMP_BITS + 1)
    expect(await rejection(attempt)).to.equal('StampError')
  })

  it('can be given up', async () => {
    const signal = AbortSignal.timeout(5)
    const attempt = () => makeStamp(nodeCrypto, address, id, MAX_STAMP_BITS, { signal })
    expect(await rejection(attempt)).to.equal('TimeoutError')
  })
})

describe('depositors', () => {
  it('are told apart by network, and by peer where there is none of their own', () => {
    const networks = [
      '/ip4/203.0.113.7/tcp/1/p2p/x',
      '/ip6/2001:db8:1:2:3:4:5:6/tcp/1',
      '/ip6/2001:db8:1:2::9/tcp/1/ws',
      '/ip6/2001:db8::1/tcp/1',
      '/ip4/127.0.0.1/tcp/1',
      '/ip6/::1/tcp/1',
      '/ip4/203.0.113.7/tcp/1/p2p/x/p2p-circuit',
    ].map(networkOf)
    expect(networks).to.deep.equal([
      '203.0.113.7',
      '2001:db8:1:2',
      '2001:db8:1:2',
      '2001:db8:0:0',
      undefined,
      undefined,
      undefined,
    ])
  })
})
