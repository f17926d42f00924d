import { expect } from 'chai'
import fc from 'fast-check'
import { InboundGuard } from '../../../src/chat/conversation/inbound-guard.ts'
import {
  MAX_MESSAGE_AGE_MS,
  MAX_MESSAGE_LEAD_MS,
  REPLAY_CACHE_IDS,
} from '../../../src/chat/message/constants.ts'
import { NOW } from '../support/channels.ts'
import { rejection } from '../support/rejection.ts'

interface Arrival {
  readonly id: number
  readonly sequence: number
  /** How long before our now it says it was written, by our clock. */
  readonly ageMs: number
}

function verdict(guard: InboundGuard, { id, sequence, ageMs }: Arrival, skewMs: number): string {
  const content = {
    type: 'text',
    id: id.toString(16).padStart(32, '0'),
    timestamp: NOW - ageMs + skewMs,
  }
  try {
    guard.check(content, sequence)
    return 'taken'
  } catch (err) {
    return err instanceof Error ? err.name : 'not an Error'
  }
}

const age = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: -MAX_MESSAGE_LEAD_MS, max: MAX_MESSAGE_AGE_MS }) },
  fc.constantFrom(
    -MAX_MESSAGE_LEAD_MS - 1,
    -MAX_MESSAGE_LEAD_MS,
    MAX_MESSAGE_AGE_MS,
    MAX_MESSAGE_AGE_MS + 1,
  ),
)
/** Mostly the next one; how far from it otherwise. */
const jump = fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.integer({ min: -3, max: 3 }))
const skew = fc.integer({ min: -1e9, max: 1e9 })

function guardWith(skewMs: number): InboundGuard {
  return new InboundGuard({ now: () => NOW, elapsed: () => 0 }, { now: NOW, elapsed: 0 }, skewMs)
}

describe('inbound guard', () => {
  it('takes exactly what is next in order, in time and new, whatever else comes between', () => {
    const arrivals = fc.array(fc.tuple(fc.nat(30), jump, age), { maxLength: 60 })
    fc.assert(
      fc.property(arrivals, skew, (list, skewMs) => {
        const guard = guardWith(skewMs)
        const taken = new Set<number>()
        for (const [id, off, ageMs] of list) {
          const sequence = taken.size + off
          const expected = taken.has(id)
            ? 'ReplayedMessageError'
            : off !== 0
              ? 'ReorderedMessageError'
              : ageMs > MAX_MESSAGE_AGE_MS || ageMs < -MAX_MESSAGE_LEAD_MS
                ? 'ExpiredMessageError'
                : 'taken'
          expect(verdict(guard, { id, sequence, ageMs }, skewMs)).to.equal(expected)
          if (expected === 'taken') taken.add(id)
        }
      }),
    )
  })

  it('judges time by the sender’s clock as corrected in the handshake', async () => {
    const day = 24 * 60 * 60 * 1000
    const content = { type: 'text', id: '0'.repeat(32), timestamp: NOW + 30 * day }
    expect(await rejection(() => guardWith(0).check(content, 0))).to.equal('ExpiredMessageError')
    expect(guardWith(30 * day).check(content, 0)).to.equal(0)
  })

  it('judges by the author’s own word where it says that its clock was set', async () => {
    const content = { type: 'text', id: '0'.repeat(32), timestamp: NOW + 30 * 86_400_000 }
    expect(guardWith(0).check({ ...content, age: 5000 }, 0)).to.equal(5000)
    const old = { ...content, age: MAX_MESSAGE_AGE_MS + 1 }
    expect(await rejection(() => guardWith(0).check(old, 0))).to.equal('ExpiredMessageError')
    for (const value of [-1, 0.5, NaN, 'now', null]) {
      const odd = { ...content, age: value as number }
      expect(await rejection(() => guardWith(0).check(odd, 0))).to.equal('MalformedMessageError')
    }
  })

  it('goes by whichever of its clocks is right when our own was set, or the machine slept', () => {
    const clock = { nowMs: NOW, elapsedMs: 0 }
    const guard = new InboundGuard(
      { now: () => clock.nowMs, elapsed: () => clock.elapsedMs },
      { now: NOW, elapsed: 0 },
      0,
    )
    const hour = 3_600_000
    clock.nowMs += 48 * hour
    const id = (index: number): string => String(index).repeat(32)
    expect(guard.check({ type: 'text', id: id(1), timestamp: NOW }, 0)).to.equal(0)
    const awake = { type: 'text', id: id(2), timestamp: NOW + 48 * hour }
    expect(guard.check(awake, 1)).to.equal(0)
  })

  it('refuses by its sequence what its memory of ids has lost', () => {
    const guard = guardWith(0)
    for (let id = 0; id <= REPLAY_CACHE_IDS; id++) {
      expect(verdict(guard, { id, sequence: id, ageMs: 0 }, 0)).to.equal('taken')
    }
    expect(verdict(guard, { id: 1, sequence: 1, ageMs: 0 }, 0)).to.equal('ReplayedMessageError')
    expect(verdict(guard, { id: 0, sequence: 0, ageMs: 0 }, 0)).to.equal('ReorderedMessageError')
  })
})
