import { cleanLine } from './sanitise.ts'
import { truncate } from './width.ts'
import type { Session } from './session.ts'

const MAX_NAME_COLUMNS = 20

/**
 * `(2 new) bob> `: whom plain text goes to, and how much waits elsewhere. ASCII apart from the name, so that the
 * editor and every terminal agree on its width, and free of colour, so that a screen reader says it plainly.
 */
export function promptText(session: Session): string {
  const unread = unreadElsewhere(session)
  const news = unread === 0 ? '' : `(${String(unread)} new) `
  return `${news}${targetName(session)}> `
}

function targetName({ target, names, chat }: Session): string {
  if (target === undefined) return 'sotto'
  if (target.kind === 'room') return truncate(cleanLine(`#${target.name}`), MAX_NAME_COLUMNS)
  const open = chat.conversations().find(({ id }) => id === target.fingerprint)
  const alarm = open?.alarm === undefined ? '' : '!! '
  const typing = open?.typing === true ? ' (typing)' : ''
  return `${alarm}${truncate(names.of(target.fingerprint), MAX_NAME_COLUMNS)}${typing}`
}

function unreadElsewhere(session: Session): number {
  let unread = 0
  for (const conversation of session.chat.conversations()) {
    const isOpen = session.isOpen({ kind: 'person', fingerprint: conversation.id })
    if (!isOpen && !conversation.settings.muted) unread += conversation.unread
  }
  for (const room of session.chat.rooms()) {
    if (room.joined && !session.isOpen({ kind: 'room', name: room.name })) unread += room.unread
  }
  return unread
}
