import { mock } from 'node:test'
import { expect } from 'chai'
import { Admission, type Visit } from '../../../../src/node/network/limits/admission.ts'
import {
  ALL_BURST,
  HANDSHAKE_TIMEOUT_MS,
  HOST_BURST,
  HOST_PER_SECOND,
  MAX_INBOUND,
  MAX_INBOUND_A_HOST,
  MAX_PENDING,
  MAX_PENDING_A_HOST,
  PENDING_GRACE_MS,
} from '../../../../src/node/network/limits/constants.ts'

describe('admission', () => {
  let now: number
  let admission: Admission
  let refusals: string[]
  /** Hosts that were shown the door. */
  let ended: string[]

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] })
    now = 0
    refusals = []
    ended = []
    admission = new Admission({ onRefusal: ({ name }) => refusals.push(name), now: () => now })
  })

  afterEach(() => {
    mock.timers.reset()
  })

  const admit = (host: string, isOwn = false): Visit =>
    admission.admit({ host, isOwn, end: () => ended.push(host) })

  /** Resolves with whether there was a place. */
  function tries(host: string): boolean {
    try {
      admit(host)
      return true
    } catch (err) {
      expect(err).to.have.property('name', 'TooManyConnectionsError')
      return false
    }
  }

  /** Lets in so many, with the time that the rates ask for between them. */
  function fill(count: number, host: (n: number) => string): void {
    for (let n = 0; n < count; n++) {
      now += 1000
      admit(host(n)).arrived()
    }
  }

  it('ends a handshake that takes too long, and no connection', () => {
    admit('slow')
    admit('fast').arrived()
    mock.timers.tick(HANDSHAKE_TIMEOUT_MS)
    expect(ended).to.deep.equal(['slow'])
    expect(refusals).to.deep.equal(['HandshakeTimeoutError'])
    expect(admission.pending).to.equal(0)
    expect(admission.inbound).to.equal(1)
  })

  it('gives one host so many places', () => {
    fill(MAX_INBOUND_A_HOST, () => 'a')
    now += 60_000
    expect(tries('a')).to.equal(false)
    expect(tries('b')).to.equal(true)
  })

  it('counts nobody twice', () => {
    const visit = admit('a')
    visit.arrived()
    visit.left()
    visit.left()
    visit.arrived()
    expect([admission.inbound, admission.pending]).to.deep.equal([0, 0])
  })

  it('lets one host connect so fast, and no faster', () => {
    let admitted = 0
    for (let n = 0; n < HOST_BURST + 5; n++) {
      try {
        admit('a').left()
        admitted++
      } catch {
        // too fast
      }
    }
    expect(admitted).to.equal(HOST_BURST)
    now += 1000
    for (let n = 0; n < HOST_PER_SECOND; n++) admit('a').left()
    expect(tries('a')).to.equal(false)
  })

  it('admits those that were quiet when many hosts connect too fast', () => {
    for (let n = 0; n < ALL_BURST; n++) admit(`host ${String(n % 32)}`).left()
    expect(tries('host 1')).to.equal(false)
    expect(tries('somebody')).to.equal(true)
  })

  it('gives up the oldest handshake of a host for its newest, after a while', () => {
    for (let n = 0; n < MAX_PENDING_A_HOST; n++) admit('a')
    expect(tries('a')).to.equal(false)
    now += PENDING_GRACE_MS
    expect(tries('a')).to.equal(true)
    expect(ended).to.deep.equal(['a'])
    expect(admission.pending).to.equal(MAX_PENDING_A_HOST)
  })

  it('takes the place of a handshake from the host that has the most', () => {
    for (let n = 0; n < MAX_PENDING; n++)
      admit(n < MAX_PENDING_A_HOST ? 'a' : `host ${String(n % 24)}`)
    admit('b')
    expect(ended).to.deep.equal(['a'])
  })

  it('takes a place from the host that has the most connections when all are taken', () => {
    fill(MAX_INBOUND, (n) => (n < MAX_INBOUND_A_HOST ? 'a' : `host ${String(n)}`))
    now += 1000
    expect(tries('b')).to.equal(true)
    expect(ended).to.deep.equal(['a'])
    expect(admission.inbound).to.equal(MAX_INBOUND)
  })

  it('refuses when all places are taken by one each', () => {
    fill(MAX_INBOUND, (n) => `host ${String(n)}`)
    expect(tries('b')).to.equal(false)
    expect(ended).to.deep.equal([])
  })

  it('keeps its own machine to the limits for all only', () => {
    for (let n = 0; n < MAX_INBOUND_A_HOST + 1; n++) {
      now += 20
      admit('127.0.0.1', true).arrived()
    }
    expect(admission.inbound).to.equal(MAX_INBOUND_A_HOST + 1)
  })
})
