import { decodeMessage, encodeMessage, message, streamMessage } from 'protons-runtime'
import { alloc as uint8ArrayAlloc } from 'uint8arrays/alloc'
import type { Codec, DecodeOptions } from 'protons-runtime'
import type { Uint8ArrayList } from 'uint8arraylist'

export interface IdentityCertificate {
  version: number
  signingKey: Uint8Array<ArrayBuffer>
  agreementKey: Uint8Array<ArrayBuffer>
  peerKey: Uint8Array<ArrayBuffer>
  signingSignature: Uint8Array<ArrayBuffer>
  peerSignature: Uint8Array<ArrayBuffer>
}

export namespace IdentityCertificate {
  let _codec: Codec<IdentityCertificate>

  export const codec = (): Codec<IdentityCertificate> => {
    if (_codec == null) {
      _codec = message<IdentityCertificate>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.version != null && obj.version !== 0)) {
          w.uint32(8)
          w.uint32(obj.version)
        }

        if ((obj.signingKey != null && obj.signingKey.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.signingKey)
        }

        if ((obj.agreementKey != null && obj.agreementKey.byteLength > 0)) {
          w.uint32(26)
          w.bytes(obj.agreementKey)
        }

        if ((obj.peerKey != null && obj.peerKey.byteLength > 0)) {
          w.uint32(34)
          w.bytes(obj.peerKey)
        }

        if ((obj.signingSignature != null && obj.signingSignature.byteLength > 0)) {
          w.uint32(42)
          w.bytes(obj.signingSignature)
        }

        if ((obj.peerSignature != null && obj.peerSignature.byteLength > 0)) {
          w.uint32(50)
          w.bytes(obj.peerSignature)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          version: 0,
          signingKey: uint8ArrayAlloc(0),
          agreementKey: uint8ArrayAlloc(0),
          peerKey: uint8ArrayAlloc(0),
          signingSignature: uint8ArrayAlloc(0),
          peerSignature: uint8ArrayAlloc(0)
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.version = reader.uint32()
              break
            }
            case 2: {
              obj.signingKey = reader.bytes()
              break
            }
            case 3: {
              obj.agreementKey = reader.bytes()
              break
            }
            case 4: {
              obj.peerKey = reader.bytes()
              break
            }
            case 5: {
              obj.signingSignature = reader.bytes()
              break
            }
            case 6: {
              obj.peerSignature = reader.bytes()
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
                field: `${prefix}.version`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.signingKey`,
                value: reader.bytes()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.agreementKey`,
                value: reader.bytes()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.peerKey`,
                value: reader.bytes()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.signingSignature`,
                value: reader.bytes()
              }
              break
            }
            case 6: {
              yield {
                field: `${prefix}.peerSignature`,
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

  export interface IdentityCertificateVersionFieldEvent {
    field: '$.version'
    value: number
  }

  export interface IdentityCertificateSigningKeyFieldEvent {
    field: '$.signingKey'
    value: Uint8Array<ArrayBuffer>
  }

  export interface IdentityCertificateAgreementKeyFieldEvent {
    field: '$.agreementKey'
    value: Uint8Array<ArrayBuffer>
  }

  export interface IdentityCertificatePeerKeyFieldEvent {
    field: '$.peerKey'
    value: Uint8Array<ArrayBuffer>
  }

  export interface IdentityCertificateSigningSignatureFieldEvent {
    field: '$.signingSignature'
    value: Uint8Array<ArrayBuffer>
  }

  export interface IdentityCertificatePeerSignatureFieldEvent {
    field: '$.peerSignature'
    value: Uint8Array<ArrayBuffer>
  }

  export function encode (obj: Partial<IdentityCertificate>): Uint8Array<ArrayBuffer> {
    return encodeMessage(obj, IdentityCertificate.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<IdentityCertificate>): IdentityCertificate {
    return decodeMessage(buf, IdentityCertificate.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<IdentityCertificate>): Generator<IdentityCertificateVersionFieldEvent | IdentityCertificateSigningKeyFieldEvent | IdentityCertificateAgreementKeyFieldEvent | IdentityCertificatePeerKeyFieldEvent | IdentityCertificateSigningSignatureFieldEvent | IdentityCertificatePeerSignatureFieldEvent> {
    return streamMessage(buf, IdentityCertificate.codec(), opts)
  }
}
