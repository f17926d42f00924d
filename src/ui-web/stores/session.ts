import { defineStore } from 'pinia'
import { markRaw, ref, shallowRef } from 'vue'
import type { Chat } from '../../chat/api.ts'
import type { StartupFailure } from '../core/startup-error.ts'

export type SessionPhase = 'starting' | 'ready' | 'failed'

/** How far the start of this window's peer is, and the chat core once it runs. */
export const useSessionStore = defineStore('session', () => {
  const phase = ref<SessionPhase>('starting')
  /** What the start is busy with, a key of `startup.steps.*`. */
  const step = ref('shell')
  const failure = ref<{ kind: StartupFailure; detail: string }>()
  /** Which of this browser's people the window is; 1 for most. */
  const slot = ref<number>()
  const chat = shallowRef<Chat>()

  function begin(): void {
    phase.value = 'starting'
    step.value = 'shell'
    failure.value = undefined
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

  return { phase, step, failure, slot, chat, begin, attach, fail, core }
})
