/** What happens to wires, routers and addresses. */
import { setTimeout as delay } from 'node:timers/promises'
import { INTERNET, publicAddress } from '../plan.ts'
import { silenceRules } from '../rules.ts'
import type { Namespace } from '../namespace.ts'
import type { Fault } from './fault.ts'

const CUT_MS = 8000
const REBOOT_MS = 4000

export const lineCut: Fault = {
  name: 'line-cut',
  summary: `the line of one is cut for ${CUT_MS / 1000} s`,
  from: 'nat',
  to: 'public',
  async strike({ world }) {
    const internet = world.network.host(INTERNET)
    await internet.ip('link', 'set', 'from-router', 'down')
    await delay(CUT_MS)
    await internet.ip('link', 'set', 'from-router', 'up')
  },
}

export const routerRestarted: Fault = {
  name: 'router-restarted',
  summary: 'a router restarts and forgets whom it was translating for',
  from: 'nat',
  to: 'nat',
  async strike({ world }) {
    const router = world.network.host('to-router')
    await router.ip('link', 'set', 'wan', 'down')
    await delay(REBOOT_MS)
    await router.ip('link', 'set', 'wan', 'up')
    await router.ip('route', 'add', 'default', 'via', '11.2.0.1')
  },
}

export const addressChanged: Fault = {
  name: 'address-changed',
  summary: 'one is given another public address',
  from: 'public',
  to: 'public',
  async strike({ world }) {
    await changeAddress(world.network.host('to'), 'eth0', '11.2.0.3/24', '11.2.0.1')
  },
}

export const networkChanged: Fault = {
  name: 'network-changed',
  summary: 'one goes over to another network: other addresses inside and outside',
  from: 'nat',
  to: 'nat',
  async strike({ world: { network } }) {
    await Promise.all([
      changeAddress(network.host('to-router'), 'wan', '11.2.0.3/24', '11.2.0.1'),
      changeAddress(network.host('to'), 'eth0', '192.168.1.30/24', '192.168.1.1'),
    ])
  },
}

export const directSilenced: Fault = {
  name: 'direct-silenced',
  summary: 'nothing passes between the two any more, and neither is told; relays still reach both',
  from: 'nat',
  to: 'public',
  async strike({ world }) {
    const pair = [publicAddress('from'), publicAddress('to')] as const
    await world.network.host(INTERNET).nft(silenceRules(pair))
  },
}

async function changeAddress(
  host: Namespace,
  device: string,
  address: string,
  gateway: string,
): Promise<void> {
  await host.ip('address', 'flush', 'dev', device)
  await host.ip('address', 'add', address, 'dev', device)
  await host.ip('route', 'replace', 'default', 'via', gateway)
}
