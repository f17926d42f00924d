import { EDIT_WINDOW_MS } from '../core/message-choices.ts'
import { useAnsweringStore } from '../stores/answering.ts'
import { useMessagesStore } from '../stores/messages.ts'
import { useSelfStore } from '../stores/self.ts'
import { useAttempt } from './use-attempt.ts'
import type { ShownMessage } from '../core/message-rows.ts'

/** What one can do with a message of a conversation. */
export function useMessageActions() {
  const messages = useMessagesStore()
  const answering = useAnsweringStore()
  const self = useSelfStore()
  const { attempt } = useAttempt()

  const own = ({ reactions = [] }: ShownMessage): string | undefined =>
    reactions.find(({ author }) => author === self.fingerprint)?.emoji

  return {
    own,
    canEdit: (message: ShownMessage): boolean =>
      message.outgoing &&
      message.burn === undefined &&
      Date.now() - message.timestamp < EDIT_WINDOW_MS,
    reply(message: ShownMessage): void {
      if (message.conversation === undefined) return
      answering.begin(message.conversation, { kind: 'reply', message })
    },
    edit(message: ShownMessage): void {
      if (message.conversation === undefined) return
      answering.begin(message.conversation, { kind: 'edit', message })
    },
    /** Puts the emoji on the message, or takes it back where it is ours already. */
    react(message: ShownMessage, emoji: string): Promise<boolean> {
      const { conversation = '', id } = message
      const next = own(message) === emoji ? undefined : emoji
      return attempt(() => messages.react(conversation, id, next))
    },
    remove({ conversation = '', id }: ShownMessage, forBoth: boolean): Promise<boolean> {
      return attempt(() => messages.forget(conversation, id, forBoth))
    },
    copy({ text }: ShownMessage): Promise<boolean> {
      return attempt(() => navigator.clipboard.writeText(text))
    },
  }
}
