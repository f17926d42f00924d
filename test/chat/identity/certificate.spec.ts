import { generateKeyPair, publicKeyToProtobuf } from '@libp2p/crypto/keys'
import { expect } from 'chai'
import fc from 'fast-check'
import { concatBytes } from '../../../src/crypto/bytes.ts'
import { labels } from '../../../src/crypto/labels.ts'
import { webCrypto } from '../../../src/crypto/web-crypto.ts'
import {
  issueCertificate,
  MAX_CERTIFICATE_BYTES,
  verifyCertificate,
} from '../../../src/chat/identity/certificate.ts'
import { IdentityCertificate } from '../../../src/chat/identity/pb/certificate.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { person, type TestPerson } from '../support/people.ts'
import { failure, rejection } from '../support/rejection.ts'
import type { CryptoPort } from '../../../src/crypto/port.ts'
import type { PrivateKey } from '@libp2p/interface'

describe('identity certificate', () => {
  let alice: TestPerson
  let bob: TestPerson

  before(async () => {
    ;[alice, bob] = await Promise.all([person('alice'), person('bob')])
  })

  const verify = (certificate: Uint8Array) => verifyCertificate(nodeCrypto, certificate)

  /** Alice's certificate with fields changed, not signed again. */
  function forged(changes: Partial<IdentityCertificate>): Uint8Array {
    return IdentityCertificate.encode({
      ...IdentityCertificate.decode(alice.identity.certificate),
      ...changes,
    })
  }

  /** A certificate whose two signatures hold over whatever it says. */
  async function signed(fields: {
    version?: number
    agreementKey?: Uint8Array
    peerKey?: PrivateKey
    encodedPeerKey?: Uint8Array
  }): Promise<Uint8Array> {
    const { signing, agreement } = alice.identity
    const peer = fields.peerKey ?? alice.identity.peerKey
    const unsigned = {
      version: fields.version ?? 1,
      signingKey: new Uint8Array(signing.publicKey.spki),
      agreementKey: new Uint8Array(fields.agreementKey ?? agreement.publicKey.spki),
      peerKey: new Uint8Array(fields.encodedPeerKey ?? publicKeyToProtobuf(peer.publicKey)),
    }
    const body = [
      Uint8Array.of(unsigned.version),
      unsigned.signingKey,
      unsigned.agreementKey,
      unsigned.peerKey,
    ]
    const bySigningKey = concatBytes(labels.certificateBySigningKey, ...body)
    const byPeerKey = concatBytes(labels.certificateByPeerKey, ...body)
    return IdentityCertificate.encode({
      ...unsigned,
      signingSignature: new Uint8Array(await nodeCrypto.sign(signing.privateKey, bySigningKey)),
      peerSignature: new Uint8Array(await peer.sign(byPeerKey)),
    })
  }

  it('names the person and the peer that both signed it', async () => {
    const { certificate, fingerprint, signing, agreement } = alice.identity
    const verified = await verifyCertificate(nodeCrypto, certificate, alice.peerId)
    expect(verified.fingerprint).to.equal(fingerprint)
    expect(verified.peerId.equals(alice.peerId)).to.be.true
    expect(verified.verifyingKey.spki).to.deep.equal(signing.publicKey.spki)
    expect(verified.agreementKey.spki).to.deep.equal(agreement.publicKey.spki)
    expect(verified.certificate).to.deep.equal(certificate)
    expect(certificate.byteLength).to.be.at.most(MAX_CERTIFICATE_BYTES)
  })

  it('is taken as built from the layout in the specification', async () => {
    expect((await verify(await signed({}))).fingerprint).to.equal(alice.identity.fingerprint)
  })

  it('made by either backend is taken by the other', async () => {
    const made = async (crypto: CryptoPort): Promise<Uint8Array> => {
      const signing = await crypto.generateSigningKeyPair()
      const agreement = await crypto.generateAgreementKeyPair()
      return issueCertificate(crypto, signing, agreement, alice.identity.peerKey)
    }
    await verifyCertificate(webCrypto, await made(nodeCrypto), alice.peerId)
    await verifyCertificate(nodeCrypto, await made(webCrypto), alice.peerId)
  })

  it('is refused over another peer’s connection', async () => {
    const err = await failure(() =>
      verifyCertificate(nodeCrypto, alice.identity.certificate, bob.peerId),
    )
    expect(err).to.include({ name: 'IdentityError' })
    expect(err.message).to.contain('another peer')
  })

  it('is refused when either signature is of somebody else, missing or cut short', async () => {
    const bobs = IdentityCertificate.decode(bob.identity.certificate)
    const own = IdentityCertificate.decode(alice.identity.certificate)
    const certificates = [
      forged({ signingSignature: bobs.signingSignature }),
      forged({ peerSignature: bobs.peerSignature }),
      forged({ signingSignature: new Uint8Array() }),
      forged({ peerSignature: new Uint8Array() }),
      forged({ signingSignature: own.signingSignature.subarray(0, 63) }),
      forged({ peerSignature: own.peerSignature.subarray(0, 63) }),
      // each is right for the other's label alone
      forged({ signingSignature: own.peerSignature, peerSignature: own.signingSignature }),
    ]
    for (const certificate of certificates) {
      for (const crypto of [nodeCrypto, webCrypto]) {
        expect(await rejection(() => verifyCertificate(crypto, certificate))).to.equal(
          'IdentityError',
        )
      }
    }
  })

  it('is refused when any of its keys was exchanged', async () => {
    const bobs = IdentityCertificate.decode(bob.identity.certificate)
    for (const field of ['signingKey', 'agreementKey', 'peerKey'] as const) {
      expect(await rejection(() => verify(forged({ [field]: bobs[field] })))).to.equal(
        'IdentityError',
      )
    }
  })

  it('is refused in a version that is not ours, signed or not', async () => {
    for (const version of [0, 2, 257]) {
      const certificate = await signed({ version })
      expect(await rejection(() => verify(certificate))).to.equal('IdentityError')
    }
  })

  it('is refused for a peer key that is not Ed25519', async () => {
    const peerKey = await generateKeyPair('secp256k1')
    const certificate = await signed({ peerKey })
    const err = await failure(() => verify(certificate))
    expect(err).to.include({ name: 'IdentityError' })
    expect(err.cause).to.have.property('message').that.contains('Ed25519')
  })

  it('is refused for a key that is none, whichever backend looks at it', async () => {
    const offCurve = new Uint8Array(alice.identity.agreement.publicKey.spki)
    offCurve[90]! ^= 1
    const certificates = [
      await signed({ agreementKey: offCurve }),
      await signed({ agreementKey: new Uint8Array(91) }),
      await signed({ agreementKey: offCurve.subarray(0, 90) }),
      await signed({ encodedPeerKey: new Uint8Array(36) }),
      forged({ signingKey: new Uint8Array() }),
    ]
    for (const certificate of certificates) {
      for (const crypto of [nodeCrypto, webCrypto]) {
        expect(await rejection(() => verifyCertificate(crypto, certificate))).to.equal(
          'IdentityError',
        )
      }
    }
  })

  it('is refused when it is longer than one can be, before it is looked into', async () => {
    const certificate = concatBytes(
      alice.identity.certificate,
      new Uint8Array(MAX_CERTIFICATE_BYTES),
    )
    expect((await failure(() => verify(certificate))).message).to.contain('too long')
  })

  it('is refused wherever it is cut', async () => {
    const { certificate } = alice.identity
    for (let length = 0; length < certificate.byteLength; length += 7) {
      expect(await rejection(() => verify(certificate.subarray(0, length)))).to.equal(
        'IdentityError',
      )
    }
  })

  it('is refused with any one bit altered', async () => {
    const { certificate } = alice.identity
    const bit = fc.nat(certificate.byteLength * 8 - 1)
    await fc.assert(
      fc.asyncProperty(bit, async (index) => {
        const altered = new Uint8Array(certificate)
        altered[index >> 3]! ^= 1 << (index & 7)
        expect(await rejection(() => verify(altered))).to.equal('IdentityError')
      }),
      { numRuns: 200 },
    )
  })

  it('never makes anything but an IdentityError of arbitrary bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), async (bytes) => {
        expect(await rejection(() => verify(bytes))).to.equal('IdentityError')
      }),
    )
  })
})
