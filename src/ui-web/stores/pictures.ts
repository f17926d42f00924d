import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import type { Fingerprint } from '../../chat/api.ts'
import { useSessionStore } from './session.ts'

interface Shown {
  readonly hash: string
  /** Of a blob of the type that the picture's own bytes say. */
  readonly url: string
}

/** People's pictures, each in a blob that this page alone can load. */
export const usePicturesStore = defineStore('pictures', () => {
  const session = useSessionStore()
  const shown = shallowReactive(new Map<Fingerprint, Shown>())
  const loading = new Set<string>()

  /** Where to load somebody's picture from; undefined until it is there, and then it changes. */
  function url(fingerprint: Fingerprint, hash: string | undefined): string | undefined {
    if (hash === undefined) return undefined
    const known = shown.get(fingerprint)
    if (known?.hash === hash) return known.url
    load(fingerprint, hash).catch(() => undefined)
    return undefined
  }

  async function load(fingerprint: Fingerprint, hash: string): Promise<void> {
    if (loading.has(hash)) return
    loading.add(hash)
    try {
      const picture = await session.core().picture(fingerprint)
      if (picture === undefined) return
      const before = shown.get(fingerprint)
      const blob = new Blob([picture.bytes], { type: picture.type })
      shown.set(fingerprint, { hash, url: URL.createObjectURL(blob) })
      if (before !== undefined) URL.revokeObjectURL(before.url)
    } finally {
      loading.delete(hash)
    }
  }

  return { url }
})
