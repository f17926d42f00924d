import { onMounted, shallowRef, watch } from 'vue'
import type { ContactLink } from '../../chat/api.ts'
import { useSelfStore } from '../stores/self.ts'
import { useSessionStore } from '../stores/session.ts'

/** Our own link, another one whenever our addresses change. */
export function useContactLink() {
  const session = useSessionStore()
  const self = useSelfStore()
  const link = shallowRef<ContactLink>()

  async function read(): Promise<void> {
    link.value = await session.core().contactLink()
  }

  onMounted(read)
  watch(() => self.info?.multiaddrs.join('\n'), read)
  return link
}
