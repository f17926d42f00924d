import type { ContactProgress } from '../../chat/api.ts'

const AGAIN_MS = 20_000

/** The search for somebody who is away; once something was written, a letter lies in mailboxes. */
export function mockSearch(waiting: number): ContactProgress {
  return {
    state: 'waiting',
    waiting,
    nextAt: Date.now() + AGAIN_MS,
    steps: [
      { way: 'lan', state: 'failed', reason: 'no-answer' },
      { way: 'relays', state: 'failed', reason: 'no-answer' },
      { way: 'directory', state: 'done', reason: 'nothing-new' },
      ...(waiting > 0 ? [{ way: 'mailbox', state: 'done' } as const] : []),
    ],
  }
}
