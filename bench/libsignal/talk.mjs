/** Two people of libsignal in one process, each with stores in memory: what the session figures are measured against. */
import {
  CiphertextMessageType,
  IdentityChange,
  IdentityKeyPair,
  IdentityKeyStore,
  KEMKeyPair,
  KyberPreKeyRecord,
  KyberPreKeyStore,
  PreKeyBundle,
  PreKeyRecord,
  PreKeySignalMessage,
  PreKeyStore,
  PrivateKey,
  ProtocolAddress,
  SessionRecord,
  SessionStore,
  SignalMessage,
  SignedPreKeyRecord,
  SignedPreKeyStore,
  processPreKeyBundle,
  signalDecrypt,
  signalDecryptPreKey,
  signalEncrypt,
} from '@signalapp/libsignal-client'

const DEVICE = 1
const PREKEY_ID = 1

/** Keeps sessions as bytes, as the store in libsignal's own tests does. Costs about a tenth. */
class Sessions extends SessionStore {
  #sessions = new Map()
  async saveSession(address, record) {
    this.#sessions.set(address.toString(), record.serialize())
  }
  async getSession(address) {
    const stored = this.#sessions.get(address.toString())
    return stored === undefined ? null : SessionRecord.deserialize(stored)
  }
  async getExistingSessions(addresses) {
    return Promise.all(addresses.map((address) => this.getSession(address)))
  }
}

class Identities extends IdentityKeyStore {
  #key
  #known = new Map()
  constructor(key) {
    super()
    this.#key = key
  }
  async getIdentityKey() {
    return this.#key
  }
  async getLocalRegistrationId() {
    return 1
  }
  async saveIdentity(address, key) {
    this.#known.set(address.toString(), key)
    return IdentityChange.NewOrUnchanged
  }
  async isTrustedIdentity() {
    return true
  }
  async getIdentity(address) {
    return this.#known.get(address.toString()) ?? null
  }
}

class OneTimePrekeys extends PreKeyStore {
  #records = new Map()
  async savePreKey(id, record) {
    this.#records.set(id, record)
  }
  async getPreKey(id) {
    return this.#records.get(id)
  }
  async removePreKey(id) {
    this.#records.delete(id)
  }
}

class SignedPrekeys extends SignedPreKeyStore {
  #records = new Map()
  async saveSignedPreKey(id, record) {
    this.#records.set(id, record)
  }
  async getSignedPreKey(id) {
    return this.#records.get(id)
  }
}

class KyberPrekeys extends KyberPreKeyStore {
  #records = new Map()
  async saveKyberPreKey(id, record) {
    this.#records.set(id, record)
  }
  async getKyberPreKey(id) {
    return this.#records.get(id)
  }
  async markKyberPreKeyUsed() {}
}

class Person {
  constructor(name) {
    this.address = ProtocolAddress.new(name, DEVICE)
    this.pair = IdentityKeyPair.generate()
    this.sessions = new Sessions()
    this.identities = new Identities(this.pair.privateKey)
    this.oneTime = new OneTimePrekeys()
    this.signed = new SignedPrekeys()
    this.kyber = new KyberPrekeys()
  }

  async bundle() {
    const [oneTime, signed, kem] = [
      PrivateKey.generate(),
      PrivateKey.generate(),
      KEMKeyPair.generate(),
    ]
    const signature = this.pair.privateKey.sign(signed.getPublicKey().serialize())
    const kemSignature = this.pair.privateKey.sign(kem.getPublicKey().serialize())
    const now = Date.now()
    await this.oneTime.savePreKey(
      PREKEY_ID,
      PreKeyRecord.new(PREKEY_ID, oneTime.getPublicKey(), oneTime),
    )
    await this.signed.saveSignedPreKey(
      PREKEY_ID,
      SignedPreKeyRecord.new(PREKEY_ID, now, signed.getPublicKey(), signed, signature),
    )
    await this.kyber.saveKyberPreKey(
      PREKEY_ID,
      KyberPreKeyRecord.new(PREKEY_ID, now, kem, kemSignature),
    )
    return PreKeyBundle.new(
      1,
      DEVICE,
      PREKEY_ID,
      oneTime.getPublicKey(),
      PREKEY_ID,
      signed.getPublicKey(),
      signature,
      this.pair.publicKey,
      PREKEY_ID,
      kem.getPublicKey(),
      kemSignature,
    )
  }

  async encrypt(plaintext, to) {
    const message = await signalEncrypt(
      plaintext,
      to.address,
      this.address,
      this.sessions,
      this.identities,
    )
    return { type: message.type(), bytes: message.serialize() }
  }

  async decrypt({ type, bytes }, from) {
    const { sessions, identities, oneTime, signed, kyber } = this
    if (type === CiphertextMessageType.Whisper) {
      const message = SignalMessage.deserialize(bytes)
      return signalDecrypt(message, from.address, this.address, sessions, identities)
    }
    const message = PreKeySignalMessage.deserialize(bytes)
    const stores = [sessions, identities, oneTime, signed, kyber]
    return signalDecryptPreKey(message, from.address, this.address, ...stores)
  }
}

/** Two people in a session; the handshake is over, in both directions. */
export async function startTalk() {
  const { alice, bob } = await handshake()
  const pass = (sender, receiver) => async (plaintext) => {
    const opened = await receiver.decrypt(await sender.encrypt(plaintext, receiver), sender)
    if (opened.length !== plaintext.length) throw new Error('a message was not what was sent')
  }
  return { toBob: pass(alice, bob), toAlice: pass(bob, alice) }
}

/** New people meet over a prekey bundle: both sides' work up to an answer that was read. */
export async function handshake() {
  const [alice, bob] = [new Person('alice'), new Person('bob')]
  const bundle = await bob.bundle()
  const startedAt = performance.now()
  await processPreKeyBundle(bundle, bob.address, alice.address, alice.sessions, alice.identities)
  const hello = Uint8Array.of(1)
  await bob.decrypt(await alice.encrypt(hello, bob), alice)
  await alice.decrypt(await bob.encrypt(hello, alice), bob)
  return { alice, bob, ms: performance.now() - startedAt }
}

/** Bytes of everything that is published in a bundle, without ids and tags. */
export async function bundleBytes() {
  const bundle = await new Person('alice').bundle()
  const parts = [
    bundle.identityKey().serialize(),
    bundle.preKeyPublic().serialize(),
    bundle.signedPreKeyPublic().serialize(),
    bundle.signedPreKeySignature(),
    bundle.kyberPreKeyPublic().serialize(),
    bundle.kyberPreKeySignature(),
  ]
  return parts.reduce((sum, part) => sum + part.length, 0)
}
