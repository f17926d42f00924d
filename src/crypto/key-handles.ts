/**
 * The opaque handles behind which a backend keeps its keys. A handle holds nothing but its kind (and, if public,
 * its SPKI): the key itself sits in the backend's own table, so a handle of another backend, or a forged one, opens
 * nothing.
 */
import { InvalidKeyError } from './errors.ts'
import type {
  AgreementPrivateKey,
  AgreementPublicKey,
  SigningKey,
  VerifyingKey,
  role,
} from './port.ts'
import { Redacted } from './redacted.ts'

class SigningHandle extends Redacted implements SigningKey {
  declare readonly [role]: 'signing'
}

class AgreementHandle extends Redacted implements AgreementPrivateKey {
  declare readonly [role]: 'agreement-private'
}

class VerifyingHandle implements VerifyingKey {
  declare readonly [role]: 'verifying'
  readonly spki: Uint8Array

  constructor(spki: Uint8Array) {
    this.spki = spki
  }
}

class AgreementPublicHandle implements AgreementPublicKey {
  declare readonly [role]: 'agreement-public'
  #spki: Uint8Array | (() => Uint8Array)

  constructor(spki: Uint8Array | (() => Uint8Array)) {
    this.#spki = spki
  }

  get spki(): Uint8Array {
    return (this.#spki = typeof this.#spki === 'function' ? this.#spki() : this.#spki)
  }
}

/** One backend's keys, by handle; `K` is what the platform calls a key. */
export class KeyTable<K> {
  readonly #signing = new WeakMap<SigningKey, K>()
  readonly #verifying = new WeakMap<VerifyingKey, K>()
  readonly #agreement = new WeakMap<AgreementPrivateKey, K>()
  readonly #agreementPublic = new WeakMap<AgreementPublicKey, K>()

  addSigning(key: K): SigningKey {
    const handle = new SigningHandle('SigningKey')
    this.#signing.set(handle, key)
    return handle
  }

  addAgreement(key: K): AgreementPrivateKey {
    const handle = new AgreementHandle('AgreementPrivateKey')
    this.#agreement.set(handle, key)
    return handle
  }

  /** Takes `spki` over: the caller must not write to it afterwards. */
  addVerifying(key: K, spki: Uint8Array): VerifyingKey {
    const handle = new VerifyingHandle(spki)
    this.#verifying.set(handle, key)
    return handle
  }

  /** `spki` may be what makes it, where that costs something and most keys are never asked. */
  addAgreementPublic(key: K, spki: Uint8Array | (() => Uint8Array)): AgreementPublicKey {
    const handle = new AgreementPublicHandle(spki)
    this.#agreementPublic.set(handle, key)
    return handle
  }

  signing(handle: SigningKey): K {
    return found(this.#signing.get(handle))
  }

  verifying(handle: VerifyingKey): K {
    return found(this.#verifying.get(handle))
  }

  agreement(handle: AgreementPrivateKey): K {
    return found(this.#agreement.get(handle))
  }

  agreementPublic(handle: AgreementPublicKey): K {
    return found(this.#agreementPublic.get(handle))
  }

  /** The key of either kind of private handle. */
  private(handle: SigningKey | AgreementPrivateKey): K {
    return handle instanceof SigningHandle
      ? found(this.#signing.get(handle))
      : found(this.#agreement.get(handle as AgreementPrivateKey))
  }
}

function found<K>(key: K | undefined): K {
  if (key === undefined) throw new InvalidKeyError('the key belongs to another backend')
  return key
}
