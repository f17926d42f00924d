import { claimProfileSlot, type ProfileSlot } from '../../node/browser/profile-slot.ts'
import { loadBackend, type Backend, type RunningPeer } from '../core/backend.ts'
import { bridgeChat } from '../core/chat-bridge.ts'
import { checkEnvironment } from '../core/environment.ts'
import type { NetworkInfo } from '../core/network-info.ts'
import { asStartupError } from '../core/startup-error.ts'
import { useConversationsStore } from '../stores/conversations.ts'
import { useMessagesStore } from '../stores/messages.ts'
import { usePeopleStore } from '../stores/people.ts'
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
    messages: useMessagesStore(),
    rooms: useRoomsStore(),
  }
  let slot: ProfileSlot | undefined

  /** With `known`, enters by those addresses instead of asking the node for them. */
  async function start(known?: NetworkInfo): Promise<void> {
    session.begin()
    try {
      await checkEnvironment()
      slot ??= await claimProfileSlot()
      session.slot = slot.slot
      const backend = await loadBackend()
      session.step = 'entrance'
      const network = known ?? (await backend.networkInfo())
      session.step = 'peer'
      await run(backend, network, slot)
    } catch (err) {
      const { failure, message } = asStartupError(err)
      session.fail(failure, message)
    }
  }

  async function run(
    backend: Backend,
    network: NetworkInfo,
    { databaseName }: ProfileSlot,
  ): Promise<void> {
    const peer = await backend.startPeer({
      network,
      databaseName,
      onProgress: (step) => {
        session.step = step
      },
    })
    bridgeChat(peer.chat, stores)
    session.attach(peer.chat)
    stopWithPage(peer)
  }

  return { start }
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
