import { defineStore } from 'pinia'
import { markRaw, ref, shallowRef } from 'vue'
import type { Chat } from '../../chat/api.ts'
import type { Profile } from '../core/profile.ts'
import { isAnonymousWindow } from '../core/anonymous.ts'
import type { StartupFailure } from '../core/startup-error.ts'

/** `new`: nobody has keys here yet. `locked`: waiting for the passphrase. */
export type SessionPhase = 'starting' | 'new' | 'locked' | 'ready' | 'failed'

/** How far the start of this window's peer is, and the chat core once it runs. */
export const useSessionStore = defineStore('session', () => {
  const phase = ref<SessionPhase>('starting')
  /** What the start is busy with, a key of `startup.steps.*`. */
  const step = ref('shell')
  const failure = ref<{ kind: StartupFailure; detail: string }>()
  /** Which of this browser's people the window is; 1 for most. */
  const slot = ref<number>()
  /** The name chosen before there was a peer to publish it. */
  const firstName = ref<string>()
  const isAnonymous = isAnonymousWindow()
  const heldProfile = shallowRef<Profile>()
  const chat = shallowRef<Chat>()

  function begin(): void {
    phase.value = 'starting'
    step.value = 'shell'
    failure.value = undefined
  }

  /** There is something to ask before the peer can start. */
  function wait(reason: 'new' | 'locked'): void {
    phase.value = reason
  }

  function hold(taken: Profile): void {
    heldProfile.value = markRaw(taken)
  }

  function attach(started: Chat): void {
    chat.value = markRaw(started)
    phase.value = 'ready'
  }

  function fail(kind: StartupFailure, detail: string): void {
    failure.value = { kind, detail }
    phase.value = 'failed'
  }

  /** The chat core, for whoever is on screen only while it runs. */
  function core(): Chat {
    if (chat.value === undefined) throw new Error('the peer has not started')
    return chat.value
  }

  /** The keys of this window, for whoever is on screen only once they were looked for. */
  function profile(): Profile {
    if (heldProfile.value === undefined) throw new Error('no profile was taken')
    return heldProfile.value
  }

  return {
    phase,
    step,
    failure,
    slot,
    isAnonymous,
    firstName,
    heldProfile,
    chat,
    begin,
    wait,
    hold,
    attach,
    fail,
    core,
    profile,
  }
})
