import { expect } from 'chai'
import { SteadyConnection } from '../../../src/node/network/steady-connection.ts'
import type { DataChannel, PeerConnection } from 'node-datachannel'

/** libdatachannel's peer connection, whose events a test makes. Its methods know their object by a private field. */
class FakeNative {
  #state = 'new'
  readonly created: unknown[] = []
  candidate: (candidate: string, mid: string) => void = () => undefined
  change: (state: string) => void = () => undefined
  isReleased = false
  sentinelOpens: () => void = () => undefined

  state(): string {
    return this.#state
  }

  becomes(state: string): void {
    this.#state = state
    this.change(state)
  }

  onStateChange(tell: (state: string) => void): void {
    this.change = tell
  }

  onLocalCandidate(tell: (candidate: string, mid: string) => void): void {
    this.candidate = tell
  }

  setRemoteDescription(): void {
    // ICE begins within it
    this.candidate('during', '0')
  }

  createDataChannel(label: string, options: object): Partial<DataChannel> {
    this.created.push({ label, ...options })
    return {
      onOpen: (tell) => {
        this.sentinelOpens = tell
      },
      onClosed: () => {
        this.isReleased = true
      },
    }
  }
}

describe('a peer connection of libdatachannel that keeps out of its races', () => {
  let native: FakeNative
  let steady: SteadyConnection
  let connection: PeerConnection
  let candidates: string[]
  let states: string[]

  beforeEach(() => {
    native = new FakeNative()
    steady = new SteadyConnection(native as unknown as PeerConnection)
    connection = steady.connection
    candidates = []
    states = []
    connection.onLocalCandidate((candidate) => candidates.push(candidate))
    connection.onStateChange((state) => states.push(`${state} ${connection.state()}`))
  })

  it('tells no candidate before the other side’s description is set, and then all in order', () => {
    native.candidate('first', '0')
    native.candidate('second', '0')
    expect(candidates).to.deep.equal([])
    connection.setRemoteDescription('v=0', 'answer')
    native.candidate('third', '0')
    expect(candidates).to.deep.equal(['first', 'second', 'during', 'third'])
  })

  it('says at once of an answered offer that it is connected', () => {
    connection.setRemoteDescription('v=0', 'answer')
    native.becomes('connected')
    expect(states).to.deep.equal(['connected connected'])
    expect(native.created).to.deep.equal([])
  })

  it('says of an offer that it answers nothing before the waiting channels are open', () => {
    connection.setRemoteDescription('v=0', 'offer')
    expect(native.created).to.deep.equal([{ label: '', negotiated: true, id: 1022 }])
    expect(native.isReleased).to.equal(true)
    native.becomes('connecting')
    native.becomes('connected')
    expect(states).to.deep.equal(['connecting connecting'])
    expect(connection.state()).to.equal('connecting')
    native.sentinelOpens()
    expect(states).to.deep.equal(['connecting connecting', 'connected connected'])
  })

  it('does not say so of one that was gone by then', () => {
    connection.setRemoteDescription('v=0', 'offer')
    native.becomes('connected')
    native.becomes('closed')
    native.sentinelOpens()
    expect(states).to.deep.equal(['closed closed'])
  })

  for (const state of ['failed', 'closed']) {
    it(`ends when it is ${state}`, () => {
      native.becomes('connecting')
      expect(steady.ended.aborted).to.equal(false)
      native.becomes(state)
      expect(steady.ended.reason).to.have.property('name', 'PeerConnectionFailedError')
      expect(states.at(-1)).to.equal(`${state} ${state}`)
    })
  }
})
