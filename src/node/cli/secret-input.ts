import { open } from 'node:fs/promises'
import { PassphraseError } from '../keystore/errors.ts'
import type { Program } from './program.ts'

const MAX_BYTES = 4096

/** The first line of a file, without its end. @throws PassphraseError when there is none */
export async function readPassphraseFile(path: string): Promise<string> {
  const [line = ''] = (await readStart(path)).split(/\r?\n/u)
  if (line === '') throw new PassphraseError(`the passphrase file ${path} is empty`)
  return line
}

/** All of a standard input that is no terminal, up to a size no secret of ours has. */
export async function readInput({ stdin }: Program, signal: AbortSignal): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of stdin.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    signal.throwIfAborted()
    chunks.push(Buffer.from(chunk))
    length += chunk.length
    if (length > MAX_BYTES) break
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Not the whole of it: the file may be a device. */
async function readStart(path: string): Promise<string> {
  try {
    const file = await open(path, 'r')
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(MAX_BYTES), 0, MAX_BYTES, null)
      return buffer.toString('utf8', 0, bytesRead)
    } finally {
      await file.close()
    }
  } catch (err) {
    const code = err instanceof Error && 'code' in err ? ` (${String(err.code)})` : ''
    throw new PassphraseError(`the passphrase file ${path} cannot be read${code}`, { cause: err })
  }
}
