import { expect } from 'chai'
import fc from 'fast-check'
import { encode } from 'uqr'
import { base32 } from 'multiformats/bases/base32'
import { concatBytes, fromHex } from '../../../src/crypto/bytes.ts'
import { labels } from '../../../src/crypto/labels.ts'
import { MAX_LINK_BYTES } from '../../../src/chat/invitations/constants.ts'
import { encodeLink } from '../../../src/chat/invitations/link.ts'
import { looksLikeLink, readLink } from '../../../src/chat/invitations/pasted.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { person } from '../support/people.ts'
import vectors from '../../vectors/contact-link.json' with { type: 'json' }
import type { Invitation } from '../../../src/chat/invitations/invitation.ts'

const RELAY_ID = '12D3KooWAFRWBDt83LsXtpiVNoEYKjH5n6c5KAvQ6UwrSNJL7a1e'
const read = (text: string): Invitation => readLink(nodeCrypto, text)
const write = (invitation: Invitation): string => encodeLink(nodeCrypto, invitation)

async function whole(): Promise<Invitation> {
  const { identity, peerId } = await person('alice')
  return {
    fingerprint: identity.fingerprint,
    peerId: peerId.toString(),
    prekeys: { expires: 1_800_000_000, tag: '0123456789abcdef0123456789abcdef' },
    addresses: ['/ip4/198.51.100.7/tcp/5001', '/ip4/198.51.100.7/tcp/5002/ws'],
    relays: [`/ip4/203.0.113.9/tcp/5002/ws/p2p/${RELAY_ID}`],
    entrances: [`/dns4/sotto.example.org/tcp/443/wss/p2p/${RELAY_ID}`],
    name: 'Alice Lovelace',
  }
}

/** A link of these bytes, with the checksum that they should have. */
function sealed(...parts: readonly Uint8Array[]): string {
  const body = concatBytes(...parts)
  const sum = nodeCrypto.sha256(concatBytes(labels.linkChecksum, body)).subarray(0, 4)
  return `sotto:${base32.baseEncode(concatBytes(body, sum))}`
}

function head(version = 1): Uint8Array {
  return concatBytes(Uint8Array.of(version), fromHex('ab'.repeat(32)))
}

describe('contact links', () => {
  it('carry the fingerprint, the peer, the prekeys and every way there', async () => {
    const invitation = await whole()
    expect(read(write(invitation))).to.deep.equal(invitation)
    const bare = { fingerprint: 'ab'.repeat(32), addresses: [], relays: [], entrances: [] }
    expect(read(write(bare))).to.deep.equal(bare)
  })

  it('read the same in capitals, as web addresses, wrapped, quoted and with words around them', async () => {
    const invitation = await whole()
    const link = write(invitation)
    const forms = [
      link.toUpperCase(),
      `web+${link}`,
      `https://sotto.example.org/#${link}`,
      `http://localhost:5000/#web+${link}`,
      `  ${link.match(/.{1,60}/gu)?.join('\r\n  ') ?? ''}\n`,
      `<${link}>`,
      link.replace('sotto:', 'sotto://'),
    ]
    for (const form of forms) {
      expect(looksLikeLink(form), form).to.equal(true)
      expect(read(form), form).to.deep.equal(invitation)
    }
    expect(read(`here it is: ${link} see you there`)).to.deep.equal(invitation)
  })

  it('are told from names, fingerprints, addresses and peer ids', () => {
    for (const text of ['sotto', 'Alice', 'ab'.repeat(32), '/ip4/127.0.0.1/tcp/1', RELAY_ID, ''])
      expect(looksLikeLink(text), text).to.equal(false)
  })

  it('agree with the known answers', () => {
    for (const { link, invitation } of vectors.links) {
      expect(write(invitation)).to.equal(link)
      expect(read(link)).to.deep.equal(invitation)
    }
  })

  it('are refused with one error when any character is another one, or missing', async () => {
    const link = write(await whole())
    for (let at = 'sotto:'.length; at < link.length; at += 7) {
      const other = link[at] === 'a' ? 'b' : 'a'
      const changed = link.slice(0, at) + other + link.slice(at + 1)
      expect(() => read(changed), String(at))
        .to.throw()
        .with.property('name', 'InvalidLinkError')
      expect(() => read(link.slice(0, at)), String(at))
        .to.throw()
        .with.property('name', 'InvalidLinkError')
    }
    for (const text of ['sotto:', 'sotto:aa', 'sotto:1', `sotto:${'a'.repeat(2000)}`])
      expect(() => read(text), text)
        .to.throw()
        .with.property('reason', 'link-damaged')
  })

  it('say so when they are of a later version', () => {
    expect(() => read(sealed(head(2), Uint8Array.of(9, 9, 9))))
      .to.throw()
      .with.property('reason', 'link-newer')
  })

  it('let fields and address kinds pass that are not known yet', () => {
    const unknown = Uint8Array.of(200, 3, 1, 2, 3)
    const strange = Uint8Array.of(3, 2, 0xff, 0x7e)
    expect(read(sealed(head(), unknown, strange))).to.deep.equal({
      fingerprint: 'ab'.repeat(32),
      addresses: [],
      relays: [],
      entrances: [],
    })
  })

  it('refuse fields that are cut short or of the wrong length', () => {
    for (const field of [[3, 9, 1], [1, 31, ...new Uint8Array(31)], [2, 2, 0, 0], [7]])
      expect(() => read(sealed(head(), Uint8Array.from(field))), String(field))
        .to.throw()
        .with.property('reason', 'link-damaged')
  })

  it('take no name that is none, no relay that names nobody, and no more addresses than are dialled', () => {
    const name = new TextEncoder().encode('a\u202eb')
    const relay = Uint8Array.of(4, 8, 4, 203, 0, 113, 9, 6, 0x13, 0x8a)
    const address = Uint8Array.of(3, 8, 4, 203, 0, 113, 9, 6, 0x13, 0x89)
    const link = sealed(
      head(),
      concatBytes(Uint8Array.of(6, name.length), name),
      relay,
      ...Array.from({ length: 9 }, () => address),
    )
    const { addresses, relays, name: shown } = read(link)
    expect(shown).to.equal(undefined)
    expect(relays).to.deep.equal([])
    expect(addresses).to.have.length(4)
  })

  it('never outgrow a code that a phone reads off a terminal of 80 columns', async () => {
    const invitation = await whole()
    const long = `/dns4/${'very-long-label.'.repeat(5)}example.org/tcp/443/wss`
    const link = write({
      ...invitation,
      name: '名'.repeat(32),
      addresses: [long, ...invitation.addresses, '/ip6/2001:db8::1/tcp/5001'],
      relays: [`${long}/p2p/${RELAY_ID}`, ...invitation.relays],
      entrances: [`${long}/p2p/${RELAY_ID}`, ...invitation.entrances],
    })
    expect(base32.baseDecode(link.slice('sotto:'.length)).byteLength).to.be.at.most(MAX_LINK_BYTES)
    const { version, size } = encode(link.toUpperCase(), { ecc: 'M', border: 2 })
    expect(version).to.be.at.most(14)
    expect(size).to.be.at.most(77)
    // what does not fit gives way, and who it is does not
    expect(read(link)).to.deep.include({ peerId: invitation.peerId, prekeys: invitation.prekeys })
    expect(encode(write(invitation).toUpperCase(), { ecc: 'M' }).version).to.be.at.most(12)
  })

  it('survive their trip whatever is in them', () => {
    const octet = fc.integer({ min: 0, max: 255 })
    const address = fc
      .tuple(octet, octet, octet, octet, fc.integer({ min: 1, max: 65535 }))
      .map(([a, b, c, d, port]) => `/ip4/${a}.${b}.${c}.${d}/tcp/${port}`)
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.array(address, { maxLength: 4 }),
        fc.array(address, { maxLength: 2 }),
        (key, addresses, relays) => {
          const invitation = {
            fingerprint: Buffer.from(key).toString('hex'),
            addresses,
            relays: relays.map((text) => `${text}/p2p/${RELAY_ID}`),
            entrances: [],
          }
          expect(read(write(invitation))).to.deep.equal(invitation)
        },
      ),
      { numRuns: 200 },
    )
  })
})
