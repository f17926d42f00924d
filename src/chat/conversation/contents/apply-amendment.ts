/**
 * What an amendment makes of a message: pure, and the same in whatever order amendments come and however often.
 * Undefined where it changes nothing. docs/specs/chat.md §5.4
 */
import { EDIT_WINDOW_MS, MAX_MESSAGE_LEAD_MS } from '../../message/constants.ts'
import {
  isDeletion,
  isEdit,
  isReaction,
  type Amendment,
  type EditContent,
  type ReactionContent,
} from '../../message/amendments.ts'
import { messageIdTime } from '../../message/message-id.ts'
import type { Reaction } from '../../api.ts'
import type { StoredMessage } from '../history.ts'

/** @param author who sent the amendment */
export function applyAmendment(
  message: StoredMessage,
  amendment: Amendment,
  author: string,
): StoredMessage | undefined {
  // nothing comes back, and what the program says is nobody's to change
  if (message.deleted === true || message.note !== undefined) return undefined
  if (isReaction(amendment)) return withReaction(message, amendment, author)
  if (message.author !== author) return undefined
  if (isDeletion(amendment)) return withoutContent(message)
  return isEdit(amendment) ? withEdit(message, amendment) : undefined
}

/** How often a message was edited so far. */
export function editsOf(message: StoredMessage): number {
  return message.amended?.edits ?? 0
}

/** The version of somebody's last reaction, 0 where there was none. */
export function reactionVersion(message: StoredMessage, author: string): number {
  return message.amended?.reactions?.[author] ?? 0
}

/** Whether an author may still change what they wrote at `writtenMs`; both times by their clock. */
export function isInEditWindow(writtenMs: number, editedMs: number): boolean {
  return editedMs - writtenMs <= EDIT_WINDOW_MS + MAX_MESSAGE_LEAD_MS
}

/** What stays of a message that its author took back: where it was, and that it is gone. */
export function withoutContent(message: StoredMessage): StoredMessage {
  const { id, conversation, author, outgoing, timestamp, state, order } = message
  return { id, conversation, author, outgoing, timestamp, state, order, text: '', deleted: true }
}

function withEdit(message: StoredMessage, edit: EditContent): StoredMessage | undefined {
  const { id, text, timestamp, editedAt, versions = [] } = message
  // what burns is read once, and not rewritten
  if (message.burn !== undefined || edit.version <= editsOf(message)) return undefined
  // by the author's clock, which is the one in the ids
  if (!isInEditWindow(messageIdTime(id), edit.timestamp)) return undefined
  return {
    ...message,
    text: edit.text,
    editedAt: edit.timestamp,
    versions: [...versions, { text, timestamp: editedAt ?? timestamp }],
    amended: { ...message.amended, edits: edit.version },
  }
}

function withReaction(
  message: StoredMessage,
  reaction: ReactionContent,
  author: string,
): StoredMessage | undefined {
  if (reaction.version <= reactionVersion(message, author)) return undefined
  const others = (message.reactions ?? []).filter((one) => one.author !== author)
  const mine: Reaction[] = reaction.emoji === '' ? [] : [{ author, emoji: reaction.emoji }]
  const amended = {
    ...message.amended,
    reactions: { ...message.amended?.reactions, [author]: reaction.version },
  }
  const reactions = [...others, ...mine]
  const changed: { reactions?: StoredMessage['reactions'] } & StoredMessage = {
    ...message,
    amended,
    reactions,
  }
  if (reactions.length === 0) delete changed.reactions
  return changed
}
