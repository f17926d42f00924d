import { readFile } from 'node:fs/promises'
import { NetworkFileError } from './errors.ts'

/** RFC-less, but everybody's: the file that go-libp2p and ipfs write. */
const HEADER = '/key/swarm/psk/1.0.0/'

/**
 * Encrypts every connection once more, under a key that only members of a private network have: strangers cannot even
 * begin a handshake. The file is the one of other libp2p implementations: three lines, the last 64 hexadecimal digits.
 * @throws NetworkFileError
 */
export async function privateNetwork(file: string) {
  const psk = await readFile(file).catch((err: unknown) => {
    throw new NetworkFileError(`the network key ${file} cannot be read`, { cause: err })
  })
  const [header, encoding, digits] = new TextDecoder().decode(psk).trim().split(/\r?\n/u)
  const isKey =
    header === HEADER && encoding === '/base16/' && /^[0-9a-f]{64}$/iu.test(digits ?? '')
  if (!isKey) {
    throw new NetworkFileError(
      `${file} holds no network key: three lines, ${HEADER}, /base16/ and 64 hexadecimal digits`,
    )
  }
  const { preSharedKey } = await import('@libp2p/pnet')
  return preSharedKey({ psk: new TextEncoder().encode(`${HEADER}\n/base16/\n${String(digits)}`) })
}
