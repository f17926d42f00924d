import { RateLimiter } from '../rooms/rate-limiter.ts'
import { isPictureHash, type PresenceContent } from '../message/presence-contents.ts'
import { MAX_PRESENCE_CHANGES, PRESENCE_WINDOW_MS } from './constants.ts'
import { acceptableStatus } from './status-text.ts'
import type { PersonPresence } from '../api.ts'
import type { RecordStore } from '../store/record-store.ts'

/** What somebody's profile says of them, whichever way it came. */
export interface HeardProfile {
  readonly status?: unknown
  readonly picture?: unknown
  readonly revision?: unknown
}

/** What is kept of a contact: `presence/<fingerprint>`. */
interface PresenceRecord {
  readonly revision: number
  readonly status?: string
  /** The hash they told; whether the picture is here is somebody else's business. */
  readonly picture?: string
  /** When they were here last, ms since 1970 by our clock; absent where they withhold it. */
  readonly seenAt?: number
}

interface Standing {
  readonly record: PresenceRecord
  /** What they said on the channel that is up. */
  readonly told?: PresenceContent
}

export interface ContactBookInit {
  readonly records: RecordStore
  readonly now: () => number
  /** Somebody is to be shown otherwise than before. */
  readonly onChange: (fingerprint: string) => void
}

const PREFIX = 'presence/'
const NOTHING: Standing = { record: { revision: 0 } }

/** What contacts told us of themselves: whether they are there, since when not, and what their profile says. */
export class ContactBook {
  readonly #init: ContactBookInit
  readonly #standings = new Map<string, Standing>()
  readonly #changes = new RateLimiter(MAX_PRESENCE_CHANGES, PRESENCE_WINDOW_MS)

  constructor(init: ContactBookInit) {
    this.#init = init
  }

  async load(): Promise<void> {
    const range = { prefix: PREFIX }
    for await (const [path, record] of this.#init.records.entries<PresenceRecord>(range)) {
      this.#standings.set(path.slice(PREFIX.length), { record })
    }
  }

  has(fingerprint: string): boolean {
    return this.#standings.has(fingerprint)
  }

  everybody(): Iterable<string> {
    return this.#standings.keys()
  }

  /** As they want to be shown. */
  presence(fingerprint: string): PersonPresence {
    const { record, told } = this.#of(fingerprint)
    if (told?.state === 'online' || told?.state === 'away') {
      const isAway = told.state === 'away'
      return {
        online: true,
        ...(isAway && { away: true as const }),
        ...(isAway && record.seenAt !== undefined && { lastSeen: record.seenAt }),
      }
    }
    return { online: false, ...(record.seenAt !== undefined && { lastSeen: record.seenAt }) }
  }

  status(fingerprint: string): string | undefined {
    return this.#of(fingerprint).record.status
  }

  /** The hash of the picture they told. */
  picture(fingerprint: string): string | undefined {
    return this.#of(fingerprint).record.picture
  }

  async heardPresence(fingerprint: string, content: PresenceContent): Promise<void> {
    if (!this.#changes.allow(fingerprint, this.#init.now())) return
    const { record, told } = this.#of(fingerprint)
    // two channels may be up: what is older came on the slower one
    if (told !== undefined && told.id > content.id) return
    const { idle } = content
    const seenAt = idle === undefined ? undefined : this.#init.now() - idle * 1000
    await this.#set(fingerprint, { record: recordOf({ ...record, seenAt }), told: content })
  }

  /** No channel to them is left. */
  async lost(fingerprint: string): Promise<void> {
    const { record, told } = this.#of(fingerprint)
    if (told === undefined) return
    // whoever was there was there until now
    const isSeen = told.state === 'online' && told.idle !== undefined
    await this.#set(fingerprint, {
      record: isSeen ? { ...record, seenAt: this.#init.now() } : record,
    })
  }

  /** Resolves with whether it is later than what we had. */
  async heardProfile(fingerprint: string, profile: HeardProfile): Promise<boolean> {
    const { revision } = profile
    const { record, ...rest } = this.#of(fingerprint)
    if (typeof revision !== 'number' || !Number.isSafeInteger(revision)) return true
    if (revision < record.revision) return false
    if (revision === record.revision) return true
    const status = acceptableStatus(profile.status)
    const picture = isPictureHash(profile.picture) ? profile.picture : undefined
    await this.#set(fingerprint, {
      ...rest,
      record: recordOf({ revision, status, picture, seenAt: record.seenAt }),
    })
    return true
  }

  #of(fingerprint: string): Standing {
    return this.#standings.get(fingerprint) ?? NOTHING
  }

  async #set(fingerprint: string, standing: Standing): Promise<void> {
    const before = this.#of(fingerprint)
    this.#standings.set(fingerprint, standing)
    this.#init.onChange(fingerprint)
    if (JSON.stringify(before.record) !== JSON.stringify(standing.record)) {
      await this.#init.records.put(PREFIX + fingerprint, standing.record)
    }
  }
}

type Fields = { [Key in keyof PresenceRecord]-?: PresenceRecord[Key] | undefined }

function recordOf({ revision, status, picture, seenAt }: Partial<Fields>): PresenceRecord {
  return {
    revision: revision ?? 0,
    ...(status !== undefined && { status }),
    ...(picture !== undefined && { picture }),
    ...(seenAt !== undefined && { seenAt }),
  }
}
