/** A process with one person and one bare libp2p node in it: one end of a pair, or of the crowd. */
import { serve } from '../rpc/serve.ts'
import { timeFloor } from './floor.ts'
import { startProfile, stopProfile } from './profiler.ts'
import { RawEcho } from './raw-echo.ts'
import { Talker, type TalkerOptions } from './talker.ts'
import { watchSockets } from './wire-bytes.ts'

export interface PersonInfo {
  readonly fingerprint: string
  readonly peerId: string
  readonly address: string
  readonly rawAddress: string
}

let talker: Talker | undefined
let raw: RawEcho | undefined
let started: TalkerOptions | undefined

const person = (): Talker => required(talker)
const bare = (): RawEcho => required(raw)

const methods = {
  async start(options: TalkerOptions): Promise<PersonInfo> {
    watchSockets()
    started = options
    talker = await Talker.start(options)
    raw = await RawEcho.start()
    const { fingerprint, peerId, address } = talker
    return { fingerprint, peerId, address, rawAddress: raw.address }
  },
  meet: (address: string) => person().meet(address),
  connectAndSay: (peerId: string, fingerprint: string, text: string) =>
    person().connectAndSay(peerId, fingerprint, text),
  shownAt: (text: string) => person().shownAt(text),
  part: (peerId: string, fingerprint: string) => person().part(peerId, fingerprint),
  allowDials: () => {
    person().allowDials()
  },
  roundTrips: (fingerprint: string, count: number) => person().roundTrips(fingerprint, count),
  floor: (count: number) => timeFloor(count),
  throughput: (fingerprint: string, inFlight: number, durationMs: number) =>
    person().throughput(fingerprint, inFlight, durationMs),
  wireBytes: (fingerprint: string, count: number) => person().wireBytes(fingerprint, count),
  fill: (fingerprint: string, count: number) => person().fill(fingerprint, count),
  drained: (fingerprint: string) => person().drained(fingerprint),
  leave: () => person().stop(),
  /** As the same person, and tells somebody where they are. */
  async comeBack(address: string): Promise<void> {
    talker = await Talker.start({ ...required(started), isRegistered: true })
    await talker.meet(address)
  },
  rawWireBytes: (address: string, count: number) => bare().wireBytes(address, count),
  rawConnect: (peerId: string) => person().connectAndEcho(peerId),
  rawRoundTrips: (address: string, count: number) => bare().roundTrips(address, count),
  rawThroughput: (address: string, inFlight: number, durationMs: number) =>
    bare().throughput(address, inFlight, durationMs),
  startProfile,
  stopProfile,
}

export type PersonMethods = typeof methods

serve(methods)

function required<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new RangeError('not started')
  return value
}
