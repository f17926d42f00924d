import { shortFingerprint } from './format.ts'
import { cleanLine } from './sanitise.ts'
import type { Command } from './commands/command.ts'
import type { Session } from './session.ts'

/** What readline wants: the candidates, and the part of the line that they would replace. */
export type Completion = [candidates: string[], replaced: string]

/** What follows the `to` between two names. */
const SECOND = /^.+\sto\s+(.*)$/iu

/** Commands at the start of a line, what they take after it, and names of those present in what one writes. */
export function complete(session: Session, line: string): Completion {
  const [, word = '', space = '', argument = ''] = /^(\/[a-z]*)(\s+)?(.*)$/iu.exec(line) ?? []
  if (word !== '' && space === '') {
    return [
      matching(
        session.commands.map(({ name }) => `/${name} `),
        word,
      ),
      word,
    ]
  }
  if (word !== '') {
    const command = session.commands.find(({ name }) => `/${name}` === word.toLowerCase())
    const second = command?.completes === 'two-people' ? SECOND.exec(argument)?.[1] : undefined
    if (second !== undefined) return [matching(candidates(session, command), second), second]
    return [matching(candidates(session, command), argument), argument]
  }
  const last = /\S+$/u.exec(line)?.[0] ?? ''
  return last === '' ? [[], line] : [matching(membersHere(session), last), last]
}

function candidates(session: Session, command: Command | undefined): string[] {
  switch (command?.completes) {
    case 'person':
    case 'two-people':
      return session.names.everyone().map((person) => typeable(person.name, person.fingerprint))
    case 'request':
      return session.chat.requests().map(({ id, person }) => typeable(person.name, id))
    case 'room':
      return session.chat.rooms().map(({ name }) => cleanLine(name))
    case 'command':
      return session.commands.map(({ name }) => name)
    case undefined:
      return []
  }
}

function membersHere(session: Session): string[] {
  const { target } = session
  if (target?.kind !== 'room') return []
  const room = session.chat.rooms().find(({ name }) => name === target.name)
  return (room?.members ?? []).map(({ name, fingerprint }) => typeable(name, fingerprint))
}

/** The name, unless it cannot be shown as it is: then the start of the fingerprint, which `/open` takes as well. */
function typeable(name: string | undefined, fingerprint: string): string {
  return name !== undefined && name !== '' && cleanLine(name) === name
    ? name
    : shortFingerprint(fingerprint)
}

function matching(all: readonly string[], start: string): string[] {
  const lower = start.toLowerCase()
  return [...new Set(all)].filter((candidate) => candidate.toLowerCase().startsWith(lower)).sort()
}
