import { decodeMessage, encodeMessage, MaxLengthError, message, streamMessage } from 'protons-runtime'
import { alloc as uint8ArrayAlloc } from 'uint8arrays/alloc'
import type { Codec, DecodeOptions } from 'protons-runtime'
import type { Uint8ArrayList } from 'uint8arraylist'

export interface SignedProfile {
  profile: Uint8Array<ArrayBuffer>
  signature: Uint8Array<ArrayBuffer>
}

export namespace SignedProfile {
  let _codec: Codec<SignedProfile>

  export const codec = (): Codec<SignedProfile> => {
    if (_codec == null) {
      _codec = message<SignedProfile>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.profile != null && obj.profile.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.profile)
        }

        if ((obj.signature != null && obj.signature.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.signature)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          profile: uint8ArrayAlloc(0),
          signature: uint8ArrayAlloc(0)
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.profile = reader.bytes()
              break
            }
            case 2: {
              obj.signature = reader.bytes()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.profile`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.signature`,
                value: reader.bytes()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface SignedProfileProfileFieldEvent {
    field: '$.profile'
    value: Uint8Array<ArrayBuffer>
  }

  export interface SignedProfileSignatureFieldEvent {
    field: '$.signature'
    value: Uint8Array<ArrayBuffer>
  }

  export function encode (obj: Partial<SignedProfile>): Uint8Array<ArrayBuffer> {
    return encodeMessage(obj, SignedProfile.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SignedProfile>): SignedProfile {
    return decodeMessage(buf, SignedProfile.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SignedProfile>): Generator<SignedProfileProfileFieldEvent | SignedProfileSignatureFieldEvent> {
    return streamMessage(buf, SignedProfile.codec(), opts)
  }
}

export interface Profile {
  certificate: Uint8Array<ArrayBuffer>
  name: string
  sequence: bigint
  expiresAt: bigint
  multiaddrs: Uint8Array<ArrayBuffer>[]
  bundle: Uint8Array<ArrayBuffer>
  mailboxKey: Uint8Array<ArrayBuffer>
  status: string
  picture: Uint8Array<ArrayBuffer>
  revision: bigint
}

export namespace Profile {
  let _codec: Codec<Profile>

  export const codec = (): Codec<Profile> => {
    if (_codec == null) {
      _codec = message<Profile>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.certificate != null && obj.certificate.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.certificate)
        }

        if ((obj.name != null && obj.name !== '')) {
          w.uint32(18)
          w.string(obj.name)
        }

        if ((obj.sequence != null && obj.sequence !== 0n)) {
          w.uint32(24)
          w.uint64(obj.sequence)
        }

        if ((obj.expiresAt != null && obj.expiresAt !== 0n)) {
          w.uint32(32)
          w.uint64(obj.expiresAt)
        }

        if (obj.multiaddrs != null && obj.multiaddrs.length > 0) {
          for (const value of obj.multiaddrs) {
            w.uint32(42)
            w.bytes(value)
          }
        }

        if ((obj.bundle != null && obj.bundle.byteLength > 0)) {
          w.uint32(50)
          w.bytes(obj.bundle)
        }

        if ((obj.mailboxKey != null && obj.mailboxKey.byteLength > 0)) {
          w.uint32(58)
          w.bytes(obj.mailboxKey)
        }

        if ((obj.status != null && obj.status !== '')) {
          w.uint32(66)
          w.string(obj.status)
        }

        if ((obj.picture != null && obj.picture.byteLength > 0)) {
          w.uint32(74)
          w.bytes(obj.picture)
        }

        if ((obj.revision != null && obj.revision !== 0n)) {
          w.uint32(80)
          w.uint64(obj.revision)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          certificate: uint8ArrayAlloc(0),
          name: '',
          sequence: 0n,
          expiresAt: 0n,
          multiaddrs: [],
          bundle: uint8ArrayAlloc(0),
          mailboxKey: uint8ArrayAlloc(0),
          status: '',
          picture: uint8ArrayAlloc(0),
          revision: 0n
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.certificate = reader.bytes()
              break
            }
            case 2: {
              obj.name = reader.string()
              break
            }
            case 3: {
              obj.sequence = reader.uint64()
              break
            }
            case 4: {
              obj.expiresAt = reader.uint64()
              break
            }
            case 5: {
              if (opts.limits?.multiaddrs != null && obj.multiaddrs.length === opts.limits.multiaddrs) {
                throw new MaxLengthError('Decode error - repeated field "multiaddrs" had too many elements')
              }

              obj.multiaddrs.push(reader.bytes())
              break
            }
            case 6: {
              obj.bundle = reader.bytes()
              break
            }
            case 7: {
              obj.mailboxKey = reader.bytes()
              break
            }
            case 8: {
              obj.status = reader.string()
              break
            }
            case 9: {
              obj.picture = reader.bytes()
              break
            }
            case 10: {
              obj.revision = reader.uint64()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const obj = {
          multiaddrs: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.certificate`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.name`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.sequence`,
                value: reader.uint64()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.expiresAt`,
                value: reader.uint64()
              }
              break
            }
            case 5: {
              if (opts.limits?.multiaddrs != null && obj.multiaddrs === opts.limits.multiaddrs) {
                throw new MaxLengthError('Streaming decode error - repeated field "multiaddrs" had too many elements')
              }

              yield {
                field: `${prefix}.multiaddrs[]`,
                index: obj.multiaddrs,
                value: reader.bytes()
              }

              obj.multiaddrs++

              break
            }
            case 6: {
              yield {
                field: `${prefix}.bundle`,
                value: reader.bytes()
              }
              break
            }
            case 7: {
              yield {
                field: `${prefix}.mailboxKey`,
                value: reader.bytes()
              }
              break
            }
            case 8: {
              yield {
                field: `${prefix}.status`,
                value: reader.string()
              }
              break
            }
            case 9: {
              yield {
                field: `${prefix}.picture`,
                value: reader.bytes()
              }
              break
            }
            case 10: {
              yield {
                field: `${prefix}.revision`,
                value: reader.uint64()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface ProfileCertificateFieldEvent {
    field: '$.certificate'
    value: Uint8Array<ArrayBuffer>
  }

  export interface ProfileNameFieldEvent {
    field: '$.name'
    value: string
  }

  export interface ProfileSequenceFieldEvent {
    field: '$.sequence'
    value: bigint
  }

  export interface ProfileExpiresAtFieldEvent {
    field: '$.expiresAt'
    value: bigint
  }

  export interface ProfileMultiaddrsFieldEvent {
    field: '$.multiaddrs[]'
    index: number
    value: Uint8Array<ArrayBuffer>
  }

  export interface ProfileBundleFieldEvent {
    field: '$.bundle'
    value: Uint8Array<ArrayBuffer>
  }

  export interface ProfileMailboxKeyFieldEvent {
    field: '$.mailboxKey'
    value: Uint8Array<ArrayBuffer>
  }

  export interface ProfileStatusFieldEvent {
    field: '$.status'
    value: string
  }

  export interface ProfilePictureFieldEvent {
    field: '$.picture'
    value: Uint8Array<ArrayBuffer>
  }

  export interface ProfileRevisionFieldEvent {
    field: '$.revision'
    value: bigint
  }

  export function encode (obj: Partial<Profile>): Uint8Array<ArrayBuffer> {
    return encodeMessage(obj, Profile.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Profile>): Profile {
    return decodeMessage(buf, Profile.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Profile>): Generator<ProfileCertificateFieldEvent | ProfileNameFieldEvent | ProfileSequenceFieldEvent | ProfileExpiresAtFieldEvent | ProfileMultiaddrsFieldEvent | ProfileBundleFieldEvent | ProfileMailboxKeyFieldEvent | ProfileStatusFieldEvent | ProfilePictureFieldEvent | ProfileRevisionFieldEvent> {
    return streamMessage(buf, Profile.codec(), opts)
  }
}
