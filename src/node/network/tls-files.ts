import { readFile } from 'node:fs/promises'
import { createSecureContext } from 'node:tls'
import { NetworkFileError } from './errors.ts'

export interface TlsFiles {
  /** PEM: the certificate, and behind it those that lead to a root. */
  readonly cert: string
  /** PEM: its private key. */
  readonly key: string
}

/** Reads both and tries them. @throws NetworkFileError */
export async function readTlsFiles(files: TlsFiles): Promise<{ cert: Buffer; key: Buffer }> {
  const read = (file: string): Promise<Buffer> =>
    readFile(file).catch((err: unknown) => {
      throw new NetworkFileError(`the TLS file ${file} cannot be read`, { cause: err })
    })
  const [cert, key] = await Promise.all([read(files.cert), read(files.key)])
  try {
    createSecureContext({ cert, key })
  } catch (err) {
    throw new NetworkFileError(`${files.cert} and ${files.key} are no certificate with its key`, {
      cause: err,
    })
  }
  return { cert, key }
}
