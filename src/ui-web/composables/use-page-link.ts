import { useEventListener } from '@vueuse/core'
import { onMounted } from 'vue'
import { takeOpenedLink } from '../core/opened-link.ts'
import { useOpenLink } from './use-open-link.ts'

/** Opens the contact link that the page was opened with, now and whenever another one is. */
export function usePageLink(): void {
  const { openLink } = useOpenLink()

  async function follow(): Promise<void> {
    const link = takeOpenedLink()
    if (link !== undefined) await openLink(link)
  }

  onMounted(follow)
  useEventListener(window, 'hashchange', follow)
}
