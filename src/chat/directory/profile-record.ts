import { multiaddr } from '@multiformats/multiaddr'
import { BLINDED_KEY_BYTES } from '../../crypto/blinded-key.ts'
import { concatBytes, fromHex, toHex } from '../../crypto/bytes.ts'
import { labels } from '../../crypto/labels.ts'
import { MAX_STATUS_BYTES } from '../presence/constants.ts'
import { verifyCertificate, type VerifiedCertificate } from '../identity/certificate.ts'
import { cleanName } from './names.ts'
import {
  MAX_BUNDLE_BYTES,
  MAX_PROFILE_ADDRESSES,
  MAX_PROFILE_BYTES,
  MAX_PROFILE_LIFETIME_MS,
  PROFILE_LIFETIME_MS,
} from './constants.ts'
import { InvalidProfileError } from './errors.ts'
import { Profile, SignedProfile } from './pb/profile.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { Identity } from '../identity/identity.ts'
import type { Multiaddr } from '@multiformats/multiaddr'

const HASH_BYTES = 32

/** A profile whose signatures hold. */
export interface VerifiedProfile {
  readonly identity: VerifiedCertificate
  /** Absent for somebody who goes by no name. */
  readonly name?: string
  readonly sequence: number
  /** Milliseconds since 1970. */
  readonly expiresAt: number
  readonly multiaddrs: readonly Multiaddr[]
  /** What letters are sealed with; verified by whoever uses it. */
  readonly bundle?: Uint8Array
  /** Leads to the request boxes, 32 bytes. */
  readonly mailboxKey?: Uint8Array
  /** As they wrote it: shown only where it is one. */
  readonly status?: string
  /** SHA-256 of their picture, hexadecimal. */
  readonly picture?: string
  /** Of name, status and picture together. */
  readonly revision: number
}

export interface ProfileFields {
  readonly name?: string | undefined
  readonly sequence: number
  readonly multiaddrs: readonly Multiaddr[]
  readonly bundle?: Uint8Array
  readonly mailboxKey?: Uint8Array
  readonly status?: string | undefined
  readonly picture?: string | undefined
  readonly revision?: number
}

/** As many of the addresses as fit beside the rest. */
export async function signProfile(
  crypto: CryptoPort,
  identity: Identity,
  fields: ProfileFields,
  nowMs: number,
): Promise<Uint8Array> {
  const profile = encodeFitting({
    certificate: new Uint8Array(identity.certificate),
    name: fields.name ?? '',
    sequence: BigInt(fields.sequence),
    expiresAt: BigInt(nowMs + PROFILE_LIFETIME_MS),
    multiaddrs: fields.multiaddrs
      .slice(0, MAX_PROFILE_ADDRESSES)
      .map((address) => new Uint8Array(address.bytes)),
    bundle: new Uint8Array(fields.bundle ?? []),
    mailboxKey: new Uint8Array(fields.mailboxKey ?? []),
    status: fields.status ?? '',
    picture: new Uint8Array(fromHex(fields.picture ?? '')),
    revision: BigInt(fields.revision ?? 0),
  })
  const signature = await crypto.sign(identity.signing.privateKey, signedBytes(profile))
  return SignedProfile.encode({ profile, signature: new Uint8Array(signature) })
}

/** @throws InvalidProfileError | IdentityError */
export async function verifyProfile(
  crypto: CryptoPort,
  record: Uint8Array,
  nowMs: number,
): Promise<VerifiedProfile> {
  if (record.byteLength > MAX_PROFILE_BYTES) throw new InvalidProfileError('too long')
  const { signature, profile: signed, fields } = parse(record)
  const identity = await verifyCertificate(crypto, fields.certificate)
  if (!(await crypto.verify(identity.verifyingKey, signature, signedBytes(signed)))) {
    throw new InvalidProfileError('the signature does not hold')
  }
  const expiresAt = Number(fields.expiresAt)
  if (expiresAt <= nowMs) throw new InvalidProfileError('expired')
  if (expiresAt > nowMs + MAX_PROFILE_LIFETIME_MS) {
    throw new InvalidProfileError('claims to live too long')
  }
  return {
    identity,
    ...(fields.name === '' ? {} : { name: fields.name }),
    sequence: Number(fields.sequence),
    expiresAt,
    multiaddrs: fields.multiaddrs.map((bytes) => multiaddr(bytes)),
    // copies: what comes from the network may be a view of a buffer that others use
    ...(fields.bundle.byteLength === 0 ? {} : { bundle: new Uint8Array(fields.bundle) }),
    ...(fields.mailboxKey.byteLength === 0
      ? {}
      : { mailboxKey: new Uint8Array(fields.mailboxKey) }),
    ...(fields.status === '' ? {} : { status: fields.status }),
    ...(fields.picture.byteLength === 0 ? {} : { picture: toHex(fields.picture) }),
    revision: Number(fields.revision),
  }
}

/** Which of two valid profiles of one person is the newer; the sequence number alone decides. */
export function profileSequence(record: Uint8Array): bigint {
  try {
    return profileTimes(record).sequence
  } catch {
    return -1n
  }
}

/** The signature, and what protobuf writes round the two. */
const SIGNED_OVERHEAD_BYTES = 72

function encodeFitting(fields: Profile): Uint8Array<ArrayBuffer> {
  const encoded = Profile.encode(fields)
  const isFitting = encoded.byteLength + SIGNED_OVERHEAD_BYTES <= MAX_PROFILE_BYTES
  if (isFitting || fields.multiaddrs.length === 0) return encoded
  return encodeFitting({ ...fields, multiaddrs: fields.multiaddrs.slice(0, -1) })
}

/** Of a profile that is valid; throws, somehow, for what is none. */
export function profileTimes(record: Uint8Array): Pick<Profile, 'sequence' | 'expiresAt'> {
  return Profile.decode(SignedProfile.decode(record).profile)
}

function parse(record: Uint8Array) {
  try {
    const { profile, signature } = SignedProfile.decode(record)
    const fields = Profile.decode(profile)
    if (fields.name !== '' && cleanName(fields.name) !== fields.name) {
      throw new InvalidProfileError('an unclean name')
    }
    if (fields.multiaddrs.length > MAX_PROFILE_ADDRESSES) {
      throw new InvalidProfileError('too many addresses')
    }
    for (const address of fields.multiaddrs) multiaddr(address)
    if (fields.bundle.byteLength > MAX_BUNDLE_BYTES) {
      throw new InvalidProfileError('a bundle too long')
    }
    if (![0, BLINDED_KEY_BYTES].includes(fields.mailboxKey.byteLength)) {
      throw new InvalidProfileError('a mailbox key of the wrong length')
    }
    if (new TextEncoder().encode(fields.status).byteLength > MAX_STATUS_BYTES) {
      throw new InvalidProfileError('a status too long')
    }
    if (![0, HASH_BYTES].includes(fields.picture.byteLength)) {
      throw new InvalidProfileError('a picture of which the hash has the wrong length')
    }
    for (const number of [fields.sequence, fields.revision]) {
      if (number > BigInt(Number.MAX_SAFE_INTEGER)) {
        throw new InvalidProfileError('a number out of range')
      }
    }
    return { profile, signature, fields }
  } catch (err) {
    throw new InvalidProfileError('does not parse', { cause: err })
  }
}

function signedBytes(profile: Uint8Array): Uint8Array {
  return concatBytes(labels.profileBySigningKey, profile)
}
