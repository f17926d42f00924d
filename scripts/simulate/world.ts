import { PEER_NAMESPACE, PROFILE_NAMESPACE } from '../../src/chat/directory/constants.ts'
import { createValidators } from '../../src/chat/directory/records.ts'
import { nodeCrypto } from '../../src/node/crypto/node-crypto.ts'
import { SimNetwork } from './sim-network.ts'
import type { CryptoPort } from '../../src/crypto/port.ts'
import type { Random } from './random.ts'
import type { SimWorld } from './sim-peer.ts'
import type { ValidateFn } from '@libp2p/kad-dht'

export interface WorldOptions {
  readonly random: Random
  readonly k: number
  readonly paths: number
  readonly alpha: number
  readonly deepTables: boolean
  readonly handOn: boolean
}

export function createWorld({ random, handOn, ...options }: WorldOptions): SimWorld {
  const crypto: CryptoPort = { ...nodeCrypto, randomBytes: (length) => random.bytes(length) }
  const validate = remembering(createValidators(crypto, Date.now))
  const validators = { [PROFILE_NAMESPACE]: validate, [PEER_NAMESPACE]: validate }
  return { net: new SimNetwork({ ...options, random, validators }), crypto, handOn }
}

/** A record that twenty nodes check is one object here: what was good at one key a moment ago is good there still. */
function remembering(validators: Record<string, ValidateFn>): ValidateFn {
  const known = new WeakMap<Uint8Array, string>()
  const decoder = new TextDecoder()
  return async (key, value) => {
    const path = decoder.decode(key)
    if (known.get(value) === path) return
    const validate = validators[path.split('/')[1] ?? '']
    if (validate === undefined) throw new TypeError('no validator for this key')
    await validate(key, value)
    known.set(value, path)
  }
}
