import { isPicture, isPictureWanted, isPresence } from '../message/presence-contents.ts'
import { MalformedMessageError } from '../message/errors.ts'
import type { OpenedChannel } from '../direct/index.ts'
import type { Content, ProfileContent } from '../message/content.ts'
import type { Presence, Presentation } from '../presence/index.ts'
import type { ToldPresence } from '../presence/presence.ts'
import type { PassingHandler } from './receiver.ts'

/** Says something on a channel that nobody acknowledges. */
export type Tell = (opened: OpenedChannel, content: Omit<Content, 'id' | 'timestamp'>) => void

/** What hearing something may lead to. */
export interface PresenceFlow {
  readonly tell: Tell
  /** Says who we are. */
  readonly introduce: (opened: OpenedChannel) => void
}

/** What a conversation has to do with presence: what both sides tell each other of themselves. */
export interface PresenceHooks {
  readonly profile: () => Presentation
  readonly told: () => ToldPresence
  /** Resolves with whether it is later than what was heard before. */
  readonly heard: (
    profile: ProfileContent,
    ask: (content: AskedPicture) => void,
  ) => Promise<boolean>
  readonly handlers: (
    flow: PresenceFlow,
  ) => readonly (readonly [type: string, handler: PassingHandler])[]
}

interface AskedPicture {
  readonly type: 'picture-wanted'
  readonly picture: string
}

export type PresenceSource = Pick<
  Presence,
  'own' | 'told' | 'heard' | 'heardProfile' | 'heardPicture' | 'ownPicture' | 'mayAsk'
>

export function presenceHooks(presence: PresenceSource, fingerprint: string): PresenceHooks {
  return {
    profile: () => presence.own.current,
    told: () => presence.told(),
    heard: async (profile, ask) => {
      const { isLater, wanted } = await presence.heardProfile(fingerprint, profile)
      if (wanted !== undefined) ask({ type: 'picture-wanted', picture: wanted })
      return isLater
    },
    handlers: ({ tell, introduce }) => [
      [
        'presence',
        passing(async (content, opened) => {
          if (!isPresence(content)) throw new MalformedMessageError('a presence that is none')
          if (content.ask === true && presence.mayAsk(fingerprint)) introduce(opened)
          await presence.heard(fingerprint, content)
        }),
      ],
      [
        'picture-wanted',
        passing(async (content, opened) => {
          if (!isPictureWanted(content)) throw new MalformedMessageError('a wish for no picture')
          const picture = presence.ownPicture(fingerprint, content.picture)
          if (picture !== undefined) tell(opened, picture)
        }),
      ],
      [
        'picture',
        passing(async (content) => {
          if (!isPicture(content)) throw new MalformedMessageError('a picture that is none')
          await presence.heardPicture(fingerprint, content)
        }),
      ],
    ],
  }
}

function passing(
  receive: (content: Content, opened: OpenedChannel) => Promise<void>,
): PassingHandler {
  return { durable: false, receive }
}
