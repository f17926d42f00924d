import { claimProfileSlot, type ProfileSlot } from '../../node/browser/profile-slot.ts'
import { loadBackend, type Backend } from '../core/backend.ts'
import { bridgeChat } from '../core/chat-bridge.ts'
import { checkEnvironment } from '../core/environment.ts'
import { takeFirstName } from '../core/first-name.ts'
import type { NetworkInfo } from '../core/network-info.ts'
import type { RunningPeer } from '../core/profile.ts'
import { asStartupError } from '../core/startup-error.ts'
import { useConversationsStore } from '../stores/conversations.ts'
import { useLookupsStore } from '../stores/lookups.ts'
import { useMessagesStore } from '../stores/messages.ts'
import { usePeopleStore } from '../stores/people.ts'
import { usePrivacyStore } from '../stores/privacy.ts'
import { useRoomsStore } from '../stores/rooms.ts'
import { useSelfStore } from '../stores/self.ts'
import { useSessionStore } from '../stores/session.ts'

/** Brings this window's peer up, step by step; every way in which that can fail ends on a page of its own. */
export function useStartup() {
  const session = useSessionStore()
  const stores = {
    self: useSelfStore(),
    people: usePeopleStore(),
    conversations: useConversationsStore(),
    lookups: useLookupsStore(),
    messages: useMessagesStore(),
    rooms: useRoomsStore(),
    privacy: usePrivacyStore(),
  }
  let slot: ProfileSlot | undefined
  let backend: Backend | undefined
  /** Whether somebody who is new here has said who to be. */
  let isDecided = false
  let isUnlocked = false

  /** With `known`, enters by those addresses instead of asking the node for them. */
  async function start(known?: NetworkInfo): Promise<void> {
    session.begin()
    try {
      await checkEnvironment(window, { isKept: !session.isAnonymous })
      if (session.isAnonymous) {
        backend ??= await loadBackend()
        session.hold(backend.anonymous())
        await enter(backend, known)
        return
      }
      // whether or not their keys were made before the reload
      decide(takeFirstName())
      slot ??= await claimProfileSlot()
      session.slot = slot.slot
      backend ??= await loadBackend()
      if (session.heldProfile === undefined) session.hold(backend.profile(slot.databaseName))
      const state = await session.profile().state()
      if (state === 'new' && !isDecided) session.wait('new')
      else if (state === 'locked' && !isUnlocked) session.wait('locked')
      else await enter(backend, known)
    } catch (err) {
      const { failure, message } = asStartupError(err)
      session.fail(failure, message)
    }
  }

  /** Somebody new has chosen a name; keys are made for them now. */
  function begin(name: string): Promise<void> {
    decide(name)
    return start()
  }

  function decide(name: string | undefined): void {
    if (name === undefined) return
    isDecided = true
    session.firstName = name
  }

  /** The passphrase was right. */
  function unlocked(): Promise<void> {
    isUnlocked = true
    return start()
  }

  async function enter(way: Backend, known: NetworkInfo | undefined): Promise<void> {
    session.step = 'entrance'
    const network = known ?? (await way.networkInfo())
    session.step = 'peer'
    const peer = await session.profile().startPeer({
      network,
      onProgress: (step) => {
        session.step = step
      },
    })
    bridgeChat(peer.chat, stores)
    session.attach(peer.chat)
    stopWithPage(peer)
  }

  return { start, begin, unlocked }
}

/** Tells the others at once that we are gone; what does not make it in time, their timeouts find out. */
function stopWithPage(peer: RunningPeer): void {
  window.addEventListener(
    'pagehide',
    () => {
      peer.stop().catch(() => undefined)
    },
    { once: true },
  )
}
