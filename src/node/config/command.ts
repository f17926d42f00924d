import { UsageError } from './errors.ts'
import { COMMANDS, KEY_COMMANDS, PEER_COMMANDS } from './options.ts'
import type { Command, KeyCommand, PeerCommand } from './options.ts'

/** First words: what `--help` can be asked about. */
export const TOPICS = ['node', 'chat', 'identity', 'passphrase'] as const
export type Topic = (typeof TOPICS)[number]

/** @throws UsageError for a word that begins no command; undefined for no word at all */
export function readTopic([first]: readonly string[]): Topic | undefined {
  if (first === undefined) return undefined
  const topic = TOPICS.find((one) => one === first)
  if (topic === undefined) throw new UsageError(`unknown command '${first}'`)
  return topic
}

/** `['identity', 'show']` is the command `identity show`; `passphrase` alone sets it. @throws UsageError */
export function readCommand(words: readonly string[]): Command {
  const topic = readTopic(words)
  if (topic === undefined) {
    throw new UsageError(`a command is missing: ${TOPICS.join(', ')}`)
  }
  const length = topic === 'node' || topic === 'chat' ? 1 : 2
  const surplus = words[length]
  if (surplus !== undefined) throw new UsageError(`unexpected argument '${surplus}'`)
  if (topic === 'passphrase' && words.length === 1) return 'passphrase set'
  const text = words.join(' ')
  const command = COMMANDS.find((one) => one === text)
  if (command !== undefined) return command
  const actions = actionsOf(topic).join(', ')
  throw new UsageError(
    words.length === 1
      ? `'${topic}' needs one of ${actions}`
      : `unknown command '${text}': ${topic} has ${actions}`,
  )
}

export function isPeerCommand(command: Command): command is PeerCommand {
  return PEER_COMMANDS.some((one) => one === command)
}

function actionsOf(topic: Topic): string[] {
  return KEY_COMMANDS.filter((one: KeyCommand) => one.startsWith(`${topic} `)).map((one) =>
    one.slice(topic.length + 1),
  )
}
