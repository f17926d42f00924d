import * as burning from './burning.ts'
import * as finding from './contact.ts'
import * as messages from './messages.ts'
import * as own from './own.ts'
import { path } from './path.ts'
import * as presence from './presence.ts'
import * as people from './people.ts'
import * as rooms from './rooms.ts'
import { search } from './search.ts'
import * as settings from './settings.ts'
import * as strangers from './strangers.ts'
import * as trust from './trust.ts'
import * as vouching from './vouching.ts'
import type { Command } from './command.ts'

/** Every command, in the order of `/help`. */
export const commandTable: readonly Command[] = [
  own.register,
  people.who,
  people.open,
  people.history,
  search,
  burning.burn,
  burning.reveal,
  people.close,
  people.conversations,
  messages.reply,
  messages.edit,
  messages.react,
  messages.remove,
  settings.disappear,
  settings.receipts,
  settings.typing,
  settings.mute,
  settings.cover,
  settings.compress,
  strangers.requests,
  strangers.accept,
  strangers.decline,
  strangers.block,
  strangers.unblock,
  path,
  finding.link,
  finding.contact,
  trust.fingerprint,
  trust.safety,
  trust.verify,
  trust.alarm,
  vouching.vouch,
  vouching.unvouch,
  vouching.trust,
  vouching.key,
  people.retry,
  rooms.lobby,
  rooms.rooms,
  rooms.join,
  rooms.leave,
  own.me,
  own.status,
  presence.away,
  presence.sharing,
  own.help,
  own.quit,
]
