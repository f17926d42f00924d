import type { Command } from './command.ts'

/** Hits that fit a screen. */
const MAX_HITS = 20

export const search: Command = {
  name: 'search',
  usage: '/search WORDS',
  summary: 'find messages that hold all of these words, in every conversation, the newest last',
  argument: 'required',
  async run(session, query) {
    session.view.found(query, await session.chat.search(query, { limit: MAX_HITS }))
  },
}
