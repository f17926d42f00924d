/** What a machine with Node.js notices of its network. */
import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os'
import { performance } from 'node:perf_hooks'
import { SYSTEM, watchClock } from './clock-watch.ts'
import { ADDRESS_POLL_MS } from './constants.ts'
import type { DoubtReason } from '../../chat/connectivity/network.ts'

export type Interfaces = () => NodeJS.Dict<NetworkInterfaceInfo[]>

/** Returns how to stop. */
export function watchNodeNetwork(
  onDoubt: (reason: DoubtReason) => void,
  interfaces: Interfaces = networkInterfaces,
): () => void {
  const onSlept = (): void => {
    onDoubt('sleep')
  }
  const stopClock = watchClock(onSlept, { ...SYSTEM, idle: idleMs })
  let addresses = describe(interfaces())
  const timer = setInterval(() => {
    const now = describe(interfaces())
    if (now === addresses) return
    addresses = now
    onDoubt('addresses')
  }, ADDRESS_POLL_MS)
  timer.unref()
  return () => {
    stopClock()
    clearInterval(timer)
  }
}

/** Since the program began. */
function idleMs(): number {
  return performance.eventLoopUtilization().idle
}

/** Every address but those of IPv6 privacy extensions, which come and go without moving a connection. */
function describe(interfaces: ReturnType<Interfaces>): string {
  return Object.entries(interfaces)
    .flatMap(([name, infos]) => (infos ?? []).map((info) => ({ name, ...info })))
    .filter(({ internal, scopeid }) => !internal && !scopeid)
    .map(
      ({ name, family, cidr, address }) => `${name} ${family === 'IPv6' ? prefix(cidr) : address}`,
    )
    .sort()
    .filter((text, index, all) => text !== all[index - 1])
    .join('\n')
}

function prefix(cidr: string | null): string {
  return cidr?.split(':').slice(0, 4).join(':') ?? ''
}
