import { StringDecoder } from 'node:string_decoder'
import { KeystoreError } from '../keystore/errors.ts'
import type { Program } from './program.ts'

export interface PromptOptions {
  /** Whether what is typed may be seen. */
  readonly echo: boolean
  readonly signal: AbortSignal
}

/** More than any passphrase or phrase; a key that is stuck ends there. */
const MAX_CHARACTERS = 1024
const [INTERRUPT, END, BACKSPACE, CLEAR, ESCAPE] = ['\x03', '\x04', '\x7f', '\x15', '\x1b'] as const

/**
 * Asks for one line in the terminal, on stderr so that stdout may go elsewhere.
 * @throws KeystoreError when the person, or the signal, cancels it
 */
export async function promptLine(
  { stdin, stderr }: Program,
  question: string,
  { echo, signal }: PromptOptions,
): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const decoder = new StringDecoder('utf8')
  let line: string[] = []
  const cancel = (): void => reject(new KeystoreError('cancelled'))

  const onKey = (key: string): void => {
    if (key === INTERRUPT || (key === END && line.length === 0)) cancel()
    else if (key === CLEAR) line = []
    else if (key === BACKSPACE || key === '\b') {
      if (line.pop() !== undefined && echo) stderr.write('\b \b')
    } else if (key >= ' ' && line.length < MAX_CHARACTERS) {
      line.push(key)
      if (echo) stderr.write(key)
    }
  }
  const onData = (chunk: Uint8Array): void => {
    const text = decoder.write(chunk)
    // An arrow or a function key: one chunk, and nothing to type.
    if (text.startsWith(ESCAPE)) return
    const end = text.search(/[\r\n]/u)
    for (const key of end < 0 ? text : text.slice(0, end)) onKey(key)
    if (end < 0) return
    stdin.pause()
    const rest = text.slice(end).replace(/^\r?\n|^\r/u, '')
    if (rest !== '') stdin.unshift(Buffer.from(rest))
    resolve(line.join(''))
  }

  stdin.setRawMode?.(true)
  stderr.write(question)
  // A stream that was paused, after an earlier question, stays so for a new listener.
  stdin.on('data', onData).on('end', cancel).resume()
  signal.addEventListener('abort', cancel)
  if (signal.aborted) cancel()
  try {
    return await promise
  } finally {
    signal.removeEventListener('abort', cancel)
    stdin.off('data', onData).off('end', cancel)
    stdin.pause()
    stdin.setRawMode?.(false)
    stderr.write('\n')
  }
}
