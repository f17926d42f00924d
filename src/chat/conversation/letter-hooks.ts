import { isCard, type Letters } from '../letters/index.ts'
import type { Content } from '../message/content.ts'
import type { PassingHandler } from './receiver.ts'

/** What a conversation has to do with letters: told that something waits, and the cards that both sides give each other. */
export interface LetterHooks {
  readonly onWaiting: () => void
  readonly card: () => Promise<Content>
  readonly cardHandler: PassingHandler
}

export function letterHooks(
  letters: Pick<Letters, 'notice' | 'card' | 'heard'>,
  fingerprint: string,
): LetterHooks {
  return {
    onWaiting: () => {
      letters.notice(fingerprint)
    },
    card: () => letters.card(fingerprint),
    cardHandler: {
      durable: false,
      receive: (content) => {
        // the next frame need not wait; a card that could not be kept comes with the next channel
        if (isCard(content)) letters.heard(fingerprint, content).catch(() => undefined)
        return Promise.resolve()
      },
    },
  }
}
