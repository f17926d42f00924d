import { mock } from 'node:test'
import { expect } from 'chai'
import { watchClock } from '../../../src/node/network/clock-watch.ts'
import {
  ADDRESS_POLL_MS,
  CLOCK_JUMP_MS,
  CLOCK_POLL_MS,
} from '../../../src/node/network/constants.ts'
import { watchNodeNetwork } from '../../../src/node/network/watch-node.ts'
import type { NetworkInterfaceInfo } from 'node:os'

describe('the watch of the clocks', () => {
  let wall: number
  let monotonic: number
  let idle: number
  let slept: number
  let stop: () => void

  beforeEach(() => {
    wall = 1_700_000_000_000
    monotonic = idle = slept = 0
    mock.timers.enable({ apis: ['setInterval'] })
    stop = watchClock(() => slept++, {
      wall: () => wall,
      monotonic: () => monotonic,
      idle: () => idle,
    })
  })

  afterEach(() => {
    stop()
    mock.timers.reset()
  })

  function pass(wallMs: number, monotonicMs: number, idleMs = monotonicMs): void {
    wall += wallMs
    monotonic += monotonicMs
    idle += idleMs
    mock.timers.tick(CLOCK_POLL_MS)
  }

  it('says nothing while time passes', () => {
    for (let n = 0; n < 10; n++) pass(CLOCK_POLL_MS, CLOCK_POLL_MS)
    pass(CLOCK_POLL_MS + CLOCK_JUMP_MS - 1, CLOCK_POLL_MS)
    expect(slept).to.equal(0)
  })

  it('notices a sleep, with a monotonic clock that stands still in it or not', () => {
    pass(3_600_000, CLOCK_POLL_MS)
    expect(slept).to.equal(1)
    pass(3_600_000, 3_600_000)
    expect(slept).to.equal(2)
    pass(CLOCK_POLL_MS, CLOCK_POLL_MS)
    expect(slept).to.equal(2)
  })

  it('takes a program that was busy, and late for it, for no sleep', () => {
    pass(3_600_000, 3_600_000, 0)
    pass(3_600_000, 3_600_000, CLOCK_POLL_MS + CLOCK_JUMP_MS)
    expect(slept).to.equal(0)
    pass(3_600_000, 3_600_000, CLOCK_POLL_MS + CLOCK_JUMP_MS + 1)
    expect(slept).to.equal(1)
  })

  it('takes a clock that was set back for no sleep, and stops', () => {
    pass(-3_600_000, CLOCK_POLL_MS)
    expect(slept).to.equal(0)
    stop()
    pass(3_600_000, CLOCK_POLL_MS)
    expect(slept).to.equal(0)
  })
})

describe('the watch of a machine', () => {
  const address = (text: string, internal = false): NetworkInterfaceInfo => ({
    address: text,
    netmask: '255.255.255.0',
    family: 'IPv4',
    mac: '00:00:00:00:00:00',
    internal,
    cidr: `${text}/24`,
  })

  it('does not take this program for asleep while it works', () => {
    mock.timers.enable({ apis: ['setInterval'] })
    const reasons: string[] = []
    const stop = watchNodeNetwork(
      (reason) => reasons.push(reason),
      () => ({}),
    )
    const until = performance.now() + CLOCK_POLL_MS + CLOCK_JUMP_MS + 100
    while (performance.now() < until);
    mock.timers.tick(CLOCK_POLL_MS)
    stop()
    mock.timers.reset()
    expect(reasons).to.deep.equal([])
  })

  it('tells of another network once, and not of the loopback', () => {
    mock.timers.enable({ apis: ['setInterval'] })
    const reasons: string[] = []
    let interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = { wlan0: [address('192.0.2.1')] }
    const stop = watchNodeNetwork(
      (reason) => reasons.push(reason),
      () => interfaces,
    )
    mock.timers.tick(ADDRESS_POLL_MS)
    interfaces = { lo: [address('127.0.0.1', true)], wlan0: [address('192.0.2.1')] }
    mock.timers.tick(ADDRESS_POLL_MS)
    expect(reasons).to.deep.equal([])
    interfaces = { wlan0: [address('198.51.100.1')] }
    mock.timers.tick(2 * ADDRESS_POLL_MS)
    stop()
    mock.timers.reset()
    expect(reasons).to.deep.equal(['addresses'])
  })
})
