/**
 * Which person a browser window is.
 *
 * All windows of one browser share its databases, and one identity must not run twice. So each window holds a
 * numbered slot for as long as it lives, by a Web Lock that the browser frees when the window goes, however it goes.
 * The first window is slot 1, a second one opened beside it slot 2, and a reloaded window asks for its old slot.
 */

/** How many people one browser can be at once; a page that asks for more is told so. */
export const MAX_PROFILE_SLOTS = 32

/** A reloaded page may ask before the browser has buried its predecessor; more than this is another window. */
export const RELOAD_GRACE_MS = 1_500

const STORAGE_KEY = 'sotto.slot'

/** Every slot is taken by another window. */
export class NoProfileSlotError extends Error {
  override name = 'NoProfileSlotError'
}

export interface ProfileSlot {
  /** 1 for the first window. */
  readonly slot: number
  /** The IndexedDB name that belongs to it. */
  readonly databaseName: string
  /** Gives the slot to the next window that asks; a closing window does this by itself. */
  release(): Promise<void>
}

export interface ProfileSlotOptions {
  /** Default `navigator.locks`. */
  locks?: Pick<LockManager, 'request'>
  /** Remembers the slot over a reload; default `sessionStorage`. A duplicated tab copies it: the lock decides. */
  storage?: Pick<Storage, 'getItem' | 'setItem'>
  reloadGraceMs?: number
}

/** @throws NoProfileSlotError when `MAX_PROFILE_SLOTS` windows are open */
export async function claimProfileSlot(options: ProfileSlotOptions = {}): Promise<ProfileSlot> {
  const locks = options.locks ?? navigator.locks
  const storage = options.storage ?? sessionStorage
  const preferred = readPreference(storage)

  if (preferred !== undefined) {
    const signal = AbortSignal.timeout(options.reloadGraceMs ?? RELOAD_GRACE_MS)
    const release = await holdLock(locks, preferred, { signal })
    if (release !== undefined) return describeSlot(preferred, release)
  }
  for (let slot = 1; slot <= MAX_PROFILE_SLOTS; slot++) {
    const release = await holdLock(locks, slot, { ifAvailable: true })
    if (release === undefined) continue
    storage.setItem(STORAGE_KEY, String(slot))
    return describeSlot(slot, release)
  }
  throw new NoProfileSlotError(`${String(MAX_PROFILE_SLOTS)} windows are open already`)
}

type Release = () => Promise<void>

function describeSlot(slot: number, release: Release): ProfileSlot {
  return { slot, databaseName: `sotto-${String(slot)}`, release }
}

function readPreference(storage: Pick<Storage, 'getItem'>): number | undefined {
  const slot = Number(storage.getItem(STORAGE_KEY))
  return Number.isInteger(slot) && slot >= 1 && slot <= MAX_PROFILE_SLOTS ? slot : undefined
}

/** Resolves with what frees the lock, or with undefined when somebody else holds it. */
function holdLock(
  locks: Pick<LockManager, 'request'>,
  slot: number,
  options: LockOptions,
): Promise<Release | undefined> {
  return new Promise((resolve, reject) => {
    const held: Promise<unknown> = locks.request(`sotto-slot-${String(slot)}`, options, (lock) => {
      if (lock === null) {
        resolve(undefined)
        return
      }
      // The lock is ours until this promise settles, which without `release` is never.
      return new Promise<void>((settle) => {
        resolve(async () => {
          settle()
          await held
        })
      })
    })
    held.catch((err: unknown) => {
      if (options.signal?.aborted === true) resolve(undefined)
      else reject(err instanceof Error ? err : new Error(String(err)))
    })
  })
}
