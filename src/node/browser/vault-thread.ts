import { WrongPassphraseError } from '../../crypto/errors.ts'
import {
  guard,
  openSealed,
  type GuardRequest,
  type Opened,
  type OpenRequest,
} from './vault-work.ts'

type Answer<Result> = { readonly result: Result } | { readonly error: string }

/** @throws WrongPassphraseError */
export function openOnThread(request: OpenRequest): Promise<Opened> {
  return isDear(request.unlock) ? onThread(request) : openSealed(request)
}

/** @throws WrongPassphraseError */
export function guardOnThread(request: GuardRequest): Promise<Uint8Array> {
  return isDear(request.unlock) || isDear(request.next) ? onThread(request) : guard(request)
}

/** Argon2id in the page's own thread would leave it five frames a second, however often it lets go. */
function isDear(unlock: OpenRequest['unlock']): boolean {
  return 'passphrase' in unlock
}

async function onThread<Result>(request: GuardRequest | OpenRequest): Promise<Result> {
  const worker = new Worker(new URL('./vault-worker.ts', import.meta.url), { type: 'module' })
  try {
    const answer = await new Promise<Answer<Result>>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<Answer<Result>>) => {
        resolve(data)
      }
      worker.onerror = ({ message }) => {
        reject(new Error(`the thread for the passphrase failed: ${message}`))
      }
      worker.postMessage(request)
    })
    if ('result' in answer) return answer.result
    if (answer.error === 'WrongPassphraseError') throw new WrongPassphraseError()
    throw new Error(`the profile could not be opened: ${answer.error}`)
  } finally {
    worker.terminate()
  }
}
