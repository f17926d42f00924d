/** Commands about ourselves and about the client. */
import { findCommand } from './find.ts'
import { setStatus } from './presence.ts'
import type { Command } from './command.ts'

export const register: Command = {
  name: 'register',
  usage: '/register NAME',
  summary: 'publish your signed profile under a name, so that others find you by it',
  details:
    'Names are not owned: somebody else may carry the same. Only the fingerprint is yours alone.',
  argument: 'required',
  async run(session, name, signal) {
    const holders = await session.chat.register(name, { signal })
    session.view.registered(session.chat.self.name ?? name, holders)
  },
}

export const me: Command = {
  name: 'me',
  usage: '/me',
  summary: 'your name, fingerprint, peer id and addresses',
  argument: 'none',
  run(session) {
    session.view.self(session.chat.self)
  },
}

export const status: Command = {
  name: 'status',
  usage: '/status [TEXT]',
  summary: 'connections, sessions, what was refused; or have contacts see one line of yours',
  details: 'The line is public, like your name. /status - takes it back.',
  argument: 'optional',
  async run(session, argument) {
    if (argument !== '') {
      await setStatus(session, argument)
      return
    }
    const { chat, view, logFile } = session
    view.status({
      self: chat.self,
      conversations: chat.conversations(),
      refusals: chat.refusals(),
      logFile,
    })
  },
}

export const help: Command = {
  name: 'help',
  usage: '/help [COMMAND]',
  summary: 'this list, or more about one command',
  argument: 'optional',
  completes: 'command',
  run({ view, commands }, argument) {
    view.help(argument === '' ? commands : [findCommand(commands, argument)])
  },
}

export const quit: Command = {
  name: 'quit',
  usage: '/quit',
  summary: 'leave; what is still queued goes out the next time you are here',
  argument: 'none',
  run(session) {
    session.quit()
  },
}
