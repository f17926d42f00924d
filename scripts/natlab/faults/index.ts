import {
  addressChanged,
  directSilenced,
  lineCut,
  networkChanged,
  routerRestarted,
} from './lines.ts'
import { asleep, bootstrapDead, peerRestarted } from './peers.ts'
import { relayKilled, relayRestarted, relayVanished } from './relays.ts'
import type { Fault } from './fault.ts'

export const FAULTS: readonly Fault[] = [
  lineCut,
  routerRestarted,
  addressChanged,
  networkChanged,
  directSilenced,
  relayKilled,
  relayVanished,
  relayRestarted,
  peerRestarted,
  asleep,
  bootstrapDead,
]
