import { InvalidVouchError } from '../crypto/errors.ts'
import { Approaches } from './connectivity/approaches.ts'
import { Connector } from './connectivity/connector.ts'
import { Conversations } from './conversation/conversations.ts'
import { directChat, type DirectChat, type OpenedChannel } from './direct/index.ts'
import { peersToAsk } from './directory/dht-ready.ts'
import { directory, type Directory } from './directory/index.ts'
import { comparePrekeys, Leads } from './invitations/index.ts'
import { letters, PrekeysRefusedError, type Letters } from './letters/index.ts'
import { mailboxes, type Mailboxes } from './mailbox/index.ts'
import { Approach } from './people/approach.ts'
import { Finder } from './people/finder.ts'
import { KeptAddresses } from './people/kept-addresses.ts'
import { KeyComparison } from './people/key-comparison.ts'
import { People } from './people/people.ts'
import { PublicKeys } from './people/public-keys.ts'
import { UserPreferences } from './preferences/preferences.ts'
import { Prekeys } from './prekeys/prekeys.ts'
import { presence, type Presence } from './presence/index.ts'
import { Refusals } from './refusals.ts'
import { rooms, type Rooms } from './rooms/index.ts'
import { MessageSearch } from './search/message-search.ts'
import { StorageHealth } from './store/storage-health.ts'
import { Trust } from './trust/trust.ts'
import type { ChatEvents, Fingerprint, Person } from './api.ts'
import type { ChatComponents, ChatInit } from './chat-init.ts'
import type { VouchNews } from './trust/trust.ts'
import type { VouchContent } from './trust/vouch-content.ts'
import type { Logger } from '@libp2p/interface'

/** What the parts ask of the core that they make up. */
export interface ChatHost {
  readonly emit: <Type extends keyof ChatEvents>(
    type: Type,
    detail: ChatEvents[Type]['detail'],
  ) => void
  /** We call ourselves, or present ourselves, otherwise than before. */
  readonly selfChanged: () => void
}

/** What the chat core is made of, and who of them tells whom. Who starts when is the core's business. */
export class ChatParts {
  readonly refusals: Refusals
  readonly preferences: UserPreferences
  readonly storage: StorageHealth
  readonly people: People
  readonly keptAddresses: KeptAddresses
  readonly leads: Leads
  readonly approaches: Approaches
  readonly presence: Presence
  readonly publicKeys: PublicKeys
  readonly comparison: KeyComparison
  readonly trust: Trust
  readonly direct: DirectChat
  readonly prekeys: Prekeys
  readonly mailboxes: Mailboxes
  readonly directory: Directory
  readonly rooms: Rooms
  readonly connector: Connector
  readonly finder: Finder
  readonly search: MessageSearch
  readonly conversations: Conversations
  readonly letters: Letters
  readonly #components: ChatComponents
  readonly #init: ChatInit
  readonly #host: ChatHost
  readonly #now: () => number
  readonly #log: Logger

  constructor(components: ChatComponents, init: ChatInit, host: ChatHost) {
    const { logger, crypto, records } = components
    const { identity } = init
    this.#components = components
    this.#init = init
    this.#host = host
    this.#now = init.now ?? Date.now
    this.#log = logger.forComponent('sotto:chat')
    this.refusals = new Refusals((refusal) => {
      host.emit('refusal', refusal)
    })
    this.storage = new StorageHealth((state) => {
      host.emit('storage:change', state)
    })
    records.watch(this.storage)
    this.preferences = new UserPreferences(records, (preferences) => {
      host.emit('preferences:change', preferences)
      this.conversations.preferencesChanged()
      this.presence.preferencesChanged()
      void this.rooms.shownChanged()
    })
    this.people = new People(records, (person) => {
      host.emit('person:change', person)
      if (person.known) this.#met(person)
      this.conversations.personChanged(person)
    })
    this.keptAddresses = new KeptAddresses({ people: this.people, libp2p: components.libp2p })
    this.leads = new Leads(records)
    this.approaches = new Approaches((fingerprint) => {
      this.conversations.contactChanged(fingerprint)
    })
    this.presence = this.#createPresence()
    this.publicKeys = new PublicKeys(crypto, records)
    this.trust = this.#createTrust()
    this.direct = this.#createDirect()
    this.prekeys = new Prekeys({ crypto, identity, records, now: this.#now })
    this.mailboxes = this.#createMailboxes()
    this.directory = this.#createDirectory()
    this.comparison = new KeyComparison({
      crypto,
      identity,
      publicKeys: this.publicKeys,
      directory: this.directory,
    })
    this.rooms = this.#createRooms()
    this.connector = this.#createConnector()
    this.finder = this.#createFinder()
    this.search = new MessageSearch({
      messages: () => this.conversations.everyMessage(),
      message: (conversation, id) => this.conversations.message(conversation, id),
    })
    this.conversations = this.#createConversations()
    this.letters = this.#createLetters()
  }

  #createPresence(): Presence {
    const { crypto, records } = this.#components
    return presence({
      crypto,
      records,
      self: this.#init.identity.fingerprint,
      now: this.#now,
      preferences: () => this.preferences.current.presence,
      show: (fingerprint, appearance) => {
        this.people.show(fingerprint, appearance)
      },
      onOwnProfile: () => {
        this.conversations.links.announce('profile')
        this.directory.changed()
        this.#host.selfChanged()
      },
      onOwnPresence: () => {
        this.conversations.links.announce('presence')
        this.#host.selfChanged()
      },
      contacts: () => this.conversations.links.callable(),
      isReached: (fingerprint) => this.conversations.links.isReached(fingerprint),
      isAlone: () => peersToAsk(this.#components) === 0,
      call: (fingerprint, signal) => this.conversations.links.call(fingerprint, signal),
      lookUp: (fingerprint, signal) => this.finder.refresh(fingerprint, { signal }),
    })
  }

  #createTrust(): Trust {
    const { crypto, records } = this.#components
    return new Trust({
      crypto,
      identity: this.#init.identity,
      records,
      people: this.people,
      now: this.#now,
      onChange: (subject) => {
        this.#host.emit('trust:change', subject)
      },
    })
  }

  #createDirect(): DirectChat {
    const { libp2p, logger, crypto, sessions } = this.#components
    return directChat(
      { libp2p, logger, crypto, sessions },
      {
        identity: this.#init.identity,
        now: this.#now,
        onRefusal: this.#onRefusal,
        welcome: (peer) => this.conversations.welcome(peer.toString()),
        onChannel: (opened) => {
          this.#attach(opened).catch((err: unknown) => {
            this.#log.error('a conversation could not be opened - %e', err)
          })
        },
      },
    )
  }

  #createMailboxes(): Mailboxes {
    const { libp2p, dht, logger, crypto, records } = this.#components
    return mailboxes(
      { libp2p, dht, logger, crypto, records },
      { serve: this.#init.keepLetters === true, now: this.#now, onRefusal: this.#onRefusal },
    )
  }

  #createDirectory(): Directory {
    const { libp2p, dht, logger, crypto } = this.#components
    return directory(
      { libp2p, dht, logger, crypto },
      {
        identity: this.#init.identity,
        now: this.#now,
        publish: this.#init.publish ?? true,
        presentation: () => this.presence.own.current,
        letters: async () => ({
          bundle: await this.prekeys.bundle(),
          mailboxKey: this.mailboxes.contact.publicKey,
        }),
      },
    )
  }

  #createRooms(): Rooms {
    const { libp2p, pubsub, logger, crypto } = this.#components
    const { identity } = this.#init
    return rooms(
      { pubsub, logger, crypto },
      {
        identity,
        peerId: libp2p.peerId,
        now: this.#now,
        carry: this.#init.carryRooms,
        joinLobby: this.#init.joinLobby ?? true,
        isShown: () => this.preferences.current.presence.shareOnline,
        onRefusal: this.#onRefusal,
        onRoom: (room) => {
          this.#host.emit('room:change', room)
        },
        onMessage: (message) => {
          if (this.conversations.isBlocked(message.author)) return
          this.#host.emit('room:message', message)
        },
        onMember: (member, present) => {
          if (member.fingerprint === identity.fingerprint) return
          this.people.saw(member)
          this.presence.inRoom(member.fingerprint, present)
          if (present) void this.conversations.nudge(member.fingerprint)
        },
      },
    )
  }

  #createConnector(): Connector {
    const { libp2p, network } = this.#components
    return new Connector(
      {
        libp2p,
        network,
        openOn: (connection, options) => this.direct.openOn(connection, options),
        lookup: async (peer, options) =>
          (await this.directory.findByPeer(peer, options))?.multiaddrs ?? [],
      },
      {
        onDoubt: () => {
          this.conversations.links.doubt()
        },
        onChance: (chance) => {
          this.conversations.links.chance(chance)
        },
        onAddresses: () => {
          this.conversations.links.tellAddresses()
        },
        onConnection: (peerId) => {
          this.conversations.links.connected(peerId)
        },
        onRefusal: this.#onRefusal,
      },
    )
  }

  #createFinder(): Finder {
    const { people, directory: profiles, connector, direct } = this
    const { libp2p, crypto } = this.#components
    return new Finder({
      self: this.#init.identity.fingerprint,
      crypto,
      people,
      leads: this.leads,
      directory: profiles,
      connector,
      direct,
      isAlone: () => libp2p.getPeers().length === 0,
      onProgress: (progress) => {
        this.#host.emit('lookup:change', progress)
      },
      attach: (opened) => this.#attach(opened),
    })
  }

  #createConversations(): Conversations {
    const { libp2p, crypto, records, burnKeys } = this.#components
    const { emit } = this.#host
    return new Conversations({
      crypto,
      identity: this.#init.identity,
      now: this.#now,
      records,
      burnKeys,
      preferences: () => this.preferences.current,
      people: this.people,
      ownPeerId: libp2p.peerId.toString(),
      ownName: () => this.presence.own.current.name,
      presence: this.presence,
      onLost: (fingerprint) => {
        // a store that fails now knows what it knew
        this.presence.lost(fingerprint).catch(() => undefined)
      },
      takeVouch: (from, content) => this.#takeVouch(from, content),
      ownAddresses: () => libp2p.getMultiaddrs(),
      connector: this.connector,
      approach: new Approach({
        people: this.people,
        leads: this.leads,
        approaches: this.approaches,
        directory: this.directory,
        connector: this.connector,
        libp2p,
      }),
      approaches: this.approaches,
      leads: this.leads,
      onChange: (conversation) => {
        emit('conversation:change', conversation)
      },
      onMessage: (message) => {
        this.search.changed(message)
        emit('message', message)
      },
      onMessageChange: (message) => {
        this.search.changed(message)
        emit('message:change', message)
      },
      onMessageGone: (id, conversation) => {
        this.search.gone(id)
        emit('message:gone', { id, conversation })
      },
      onGone: (conversation) => {
        emit('conversation:gone', conversation)
      },
      strangers: this.#init.strangers ?? 'request',
      letters: {
        notice: (fingerprint) => {
          this.letters.notice(fingerprint)
        },
        card: (fingerprint) => this.letters.card(fingerprint),
        heard: (fingerprint, card) => this.letters.heard(fingerprint, card),
      },
      onRefusal: (error, opened) => {
        this.#onRefusal(error, opened.remote.peerId)
      },
    })
  }

  #createLetters(): Letters {
    const { libp2p, logger, crypto, sessions, records } = this.#components
    const { mailboxes: boxes, prekeys, directory: profiles } = this
    return letters(
      { libp2p, logger, crypto, sessions, records, mailboxes: boxes, prekeys, directory: profiles },
      {
        identity: this.#init.identity,
        now: this.#now,
        ...this.#init.letterTiming,
        correspondence: this.conversations.correspondence,
        ownName: () => this.presence.own.current.name,
        requirePrekeys: (fingerprint, bundle) => {
          const told = this.leads.get(fingerprint)?.prekeys
          if (told === undefined) return
          const agreement = comparePrekeys(crypto, told, bundle)
          if (agreement === 'older') throw new PrekeysRefusedError('keys-outdated')
          if (agreement === 'different') throw new PrekeysRefusedError('keys-differ')
        },
        onRefusal: (error) => {
          this.#onRefusal(error, '')
        },
      },
    )
  }

  readonly #onRefusal = (error: Error, peer: { toString(): string }): void => {
    this.refusals.add(error, peer.toString(), this.#now())
  }

  /** There was a session with them: how to find them is no question any more. */
  #met(person: Person): void {
    // a store that fails now leaves a lead, which the next session lets go of
    this.leads.forget(person.fingerprint).catch(() => undefined)
    this.keptAddresses.learn(person).catch(() => undefined)
  }

  /** Takes a channel, and the key of whoever is at its other end. */
  async #attach(opened: OpenedChannel): Promise<void> {
    const isContact = await this.conversations.attach(opened)
    // strangers leave nothing behind
    if (isContact) await this.publicKeys.keep(opened.remote.verifyingKey.spki)
  }

  /** A vouch that does not hold is counted and forgotten: acknowledged, or it would come again for ever. */
  async #takeVouch(from: Fingerprint, content: VouchContent): Promise<VouchNews | undefined> {
    try {
      return await this.trust.take(from, content)
    } catch (err) {
      if (!(err instanceof InvalidVouchError)) throw err
      this.refusals.add(err, this.people.get(from)?.peerId ?? '', Date.now())
      return undefined
    }
  }
}
