import type { Logger } from '../log/create-logger.ts'
import type { Chat } from '../../chat/api.ts'

/**
 * Takes the name given with --name. Resolves as soon as it is ours to show; how many peers hold the profile turns out
 * later and is logged, because a start must not wait for the network.
 * @throws InvalidNameError
 */
export async function registerAtStart(
  chat: Chat,
  name: string | undefined,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  if (name === undefined || name === chat.self.name) return
  const before = chat.self.name
  const { promise: taken, resolve, reject } = Promise.withResolvers<undefined>()
  const onChange = (): void => {
    if (chat.self.name !== before) resolve(undefined)
  }
  chat.addEventListener('self:change', onChange)
  chat.register(name, { signal }).then(
    (holders) => {
      log.info({ holders }, 'name registered')
      resolve(undefined)
    },
    (err: unknown) => {
      if (err instanceof Error && err.name === 'InvalidNameError') {
        reject(err)
        return
      }
      // The network may not be there yet; the chat publishes the profile again when it is.
      log.warn({ err }, 'name not registered')
      resolve(undefined)
    },
  )
  try {
    await taken
  } finally {
    chat.removeEventListener('self:change', onChange)
  }
}
