import { dcutr, type DCUtRServiceComponents } from '@libp2p/dcutr'
import { lasting } from './lasting-connection.ts'
import type { Connection, Stream } from '@libp2p/interface'

/** What libp2p calls for each relayed connection that might become a direct one. */
interface Upgrader {
  upgradeInbound(relayed: Connection): Promise<void>
  handleIncomingUpgrade(stream: Stream, relayed: Connection): Promise<void>
}

/**
 * libp2p's DCUtR, which ends the relayed connection as soon as a direct one is up, and with it the conversation that goes
 * on there. Here it stays for whoever talks on it: the chat moves when the other way has proved itself, and then lets go.
 */
export function upgradeBesideRelay(): (components: DCUtRServiceComponents) => unknown {
  const create = dcutr()
  return (components) => {
    const service = create(components)
    if (!isUpgrader(service)) throw new TypeError('DCUtR does not upgrade as it used to')
    const upgradeInbound = service.upgradeInbound.bind(service)
    const handleIncomingUpgrade = service.handleIncomingUpgrade.bind(service)
    service.upgradeInbound = (relayed) => upgradeInbound(lasting(relayed))
    service.handleIncomingUpgrade = (stream, relayed) =>
      handleIncomingUpgrade(stream, lasting(relayed))
    return service
  }
}

function isUpgrader(service: unknown): service is Upgrader {
  return (
    typeof service === 'object' &&
    service !== null &&
    'upgradeInbound' in service &&
    'handleIncomingUpgrade' in service
  )
}
