/** PEM armour of the two key shapes, RFC 7468 §10 (PKCS#8) and §13 (SPKI). The DER inside is the port's to judge. */
import { InvalidKeyError } from './errors.ts'

export type PemLabel = 'PUBLIC KEY' | 'PRIVATE KEY' | 'ENCRYPTED PRIVATE KEY'

const LINE_CHARACTERS = 64
// A P-256 key is below 400 characters; more is not a key of ours.
const MAX_PEM_CHARACTERS = 4096

export function toPem(label: PemLabel, der: Uint8Array): string {
  const base64 = btoa(String.fromCharCode(...der))
  const lines = base64.match(new RegExp(`.{1,${String(LINE_CHARACTERS)}}`, 'g')) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}

/** The DER of exactly one PEM block of that label. @throws InvalidKeyError */
export function fromPem(label: PemLabel, pem: string): Uint8Array {
  const begin = `-----BEGIN ${label}-----`
  const end = `-----END ${label}-----`
  const text = pem.length <= MAX_PEM_CHARACTERS ? pem.trim() : ''
  const body = text.slice(begin.length, -end.length).replace(/\s/g, '')
  const armoured = text.startsWith(begin) && text.endsWith(end)
  if (
    !armoured ||
    text.length < begin.length + end.length ||
    !/^[A-Za-z0-9+/]+={0,2}$/.test(body)
  ) {
    throw new InvalidKeyError(`not a PEM block of ${label}`)
  }
  try {
    return Uint8Array.from(atob(body), (character) => character.charCodeAt(0))
  } catch (cause) {
    throw new InvalidKeyError(`not a PEM block of ${label}`, { cause })
  }
}

export function spkiToPem(spki: Uint8Array): string {
  return toPem('PUBLIC KEY', spki)
}

/** @throws InvalidKeyError */
export function spkiFromPem(pem: string): Uint8Array {
  return fromPem('PUBLIC KEY', pem)
}

export function pkcs8ToPem(pkcs8: Uint8Array): string {
  return toPem('PRIVATE KEY', pkcs8)
}

/** @throws InvalidKeyError */
export function pkcs8FromPem(pem: string): Uint8Array {
  return fromPem('PRIVATE KEY', pem)
}
