/** What happens to those who carry a conversation for others. Symmetric NATs on both sides keep it relayed. */
import { setTimeout as delay } from 'node:timers/promises'
import { NotPossibleError } from '../errors.ts'
import { relayOf } from '../path.ts'
import { INTERNET } from '../plan.ts'
import type { PublicNode } from '../people/public-node.ts'
import type { Fault, Scene } from './fault.ts'

const AWAY_MS = 3000

export const relayKilled: Fault = {
  name: 'relay-killed',
  summary: 'the relay in use is killed; another one is there',
  from: 'symmetric',
  to: 'symmetric',
  async strike(scene) {
    await relayInUse(scene).kill()
  },
}

export const relayVanished: Fault = {
  name: 'relay-vanished',
  summary:
    'the relay in use loses its line, so that no connection to it ends; another one is there',
  from: 'symmetric',
  to: 'symmetric',
  async strike(scene) {
    const { name } = relayInUse(scene)
    await scene.world.network.host(INTERNET).ip('link', 'set', name, 'down')
  },
}

export const relayRestarted: Fault = {
  name: 'relay-restarted',
  summary: 'the only relay is killed and comes back without its reservations',
  from: 'symmetric',
  to: 'symmetric',
  nodes: ['node1'],
  async strike(scene) {
    const relay = relayInUse(scene)
    await relay.kill()
    await delay(AWAY_MS)
    await relay.restart()
  },
}

/** @throws NotPossibleError where the conversation is not relayed at all */
function relayInUse({ world, people }: Scene): PublicNode {
  const { link = '' } = people.from
  const relay = world.nodes.find(({ peerId }) => peerId === relayOf(link))
  if (relay === undefined) throw new NotPossibleError(`no node of ours relays '${link}'`)
  return relay
}
