import { computed, shallowRef, watch, type Ref } from 'vue'
import type { PersonTrust } from '../../chat/api.ts'
import { usePeopleStore } from '../stores/people.ts'
import { useSessionStore } from '../stores/session.ts'

/** Who vouches for a person and for whom they vouch, as it stands now. */
export function useTrust(fingerprint: Ref<string>) {
  const session = useSessionStore()
  const people = usePeopleStore()

  const trust = shallowRef<PersonTrust>(session.core().trust(fingerprint.value))
  // A chain begins at those whom the user verified, so it may change with any of them.
  watch([fingerprint, () => people.vouches, () => people.all], ([person]) => {
    trust.value = session.core().trust(person)
  })
  /** Those whose word is not the end of the chain that is shown anyway. */
  const others = computed(() => {
    const told = trust.value.chain.at(-1)?.voucher
    return trust.value.vouchedForBy.filter(({ voucher }) => voucher !== told)
  })

  return { trust, others }
}
