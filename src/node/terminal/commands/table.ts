import * as own from './own.ts'
import * as people from './people.ts'
import * as rooms from './rooms.ts'
import * as trust from './trust.ts'
import type { Command } from './command.ts'

/** Every command, in the order of `/help`. */
export const commandTable: readonly Command[] = [
  own.register,
  people.who,
  people.open,
  people.close,
  people.conversations,
  trust.fingerprint,
  trust.safety,
  trust.verify,
  trust.alarm,
  people.retry,
  rooms.lobby,
  rooms.rooms,
  rooms.join,
  rooms.leave,
  own.me,
  own.status,
  own.help,
  own.quit,
]
