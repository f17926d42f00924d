/** The thread on which Argon2id runs: a second of work and 46 MiB, both gone when it ends. One request, one answer. */
import { guard, openSealed, type GuardRequest, type OpenRequest } from './vault-work.ts'

addEventListener('message', ({ data }: MessageEvent<GuardRequest | OpenRequest>) => {
  const work = data.kind === 'open' ? openSealed(data) : guard(data)
  work.then(
    (result) => {
      postMessage({ result })
    },
    (err: unknown) => {
      // An error's own name does not survive the way between threads.
      postMessage({ error: err instanceof Error ? err.name : 'Error' })
    },
  )
})
