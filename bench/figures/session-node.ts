import { alternate, reduceRounds } from '../lab/alternate.ts'
import { loadLibsignal, type Libsignal } from '../session/libsignal.ts'
import { loadOurs, type Ours } from '../session/ours.ts'
import { timeMessages, type Direction } from '../session/timing.ts'
import { median } from '../statistics.ts'
import type { Measurement, Rounds } from '../figure.ts'

const ROUNDS = 11
const MESSAGES_A_ROUND = 500
const HANDSHAKES_A_ROUND = 5

/**
 * What one message of 1 KiB costs both sides together, without a network: ECDSA signature, chunks, padding, sealing,
 * opening, chunks again and the signature's verification. With its envelope it does not fit one block of 906 bytes:
 * two are sealed and opened, as they are in a conversation. The baseline signs nothing, pads nothing to a fixed size
 * and hides no headers, but writes its state to bytes and back for every message, as its interface asks.
 * Of ours, signature and verification are nearly half, and eight calls of AES-GCM with their keys a sixth: what is below
 * that, and why the aim is out of reach, stands in docs/decisions/crypto-port.md. In turns,
 * every message begins a turn of the ratchet, as in Signal's: a key pair and two agreements. Chat puts a turn off for a
 * second, so that it pays for one a second at most.
 *
 * The handshake is that of two people who are online, with its ephemeral keys of ECDH and ML-KEM; the baseline's is
 * its own, from a bundle to the first answer. A bundle is what lets others write to somebody who is away.
 */
export const sessionNode: Measurement = {
  figures: [
    {
      key: 'session.sealopen.oneway',
      unit: 'µs',
      baseline: 'libsignal encrypt + decrypt, 1 KiB',
      aim: { atMost: 0.5 },
    },
    {
      key: 'session.sealopen.alternating',
      unit: 'µs',
      baseline: 'libsignal encrypt + decrypt, 1 KiB, in turns',
    },
    { key: 'session.handshake', unit: 'ms', baseline: 'libsignal, bundle to first answer' },
    { key: 'session.bundle', unit: 'bytes', baseline: 'libsignal, with one one-time prekey' },
  ],

  async run(lab) {
    const [ours, libsignal] = [await loadOurs(), await loadLibsignal(lab)]
    lab.note('session: sealing and opening, shaking hands …')
    return [
      await sealOpen('oneway', ours, libsignal),
      await sealOpen('alternating', ours, libsignal),
      await handshakes(ours, libsignal),
      {
        ours: [await ours.bundle()],
        baseline: libsignal === undefined ? [] : [await libsignal.bundleBytes()],
      },
    ]
  },
}

async function sealOpen(
  direction: Direction,
  { startTalk }: Ours,
  libsignal: Libsignal | undefined,
): Promise<Rounds> {
  const ours = await startTalk()
  const theirs = await libsignal?.startTalk()
  return rounds(
    () => timeMessages(ours, direction, MESSAGES_A_ROUND),
    theirs && (() => timeMessages(theirs, direction, MESSAGES_A_ROUND)),
  )
}

async function handshakes(ours: Ours, libsignal: Libsignal | undefined): Promise<Rounds> {
  return rounds(
    () => medianOf(ours.handshake),
    libsignal && (() => medianOf(async () => (await libsignal.handshake()).ms)),
  )
}

async function medianOf(measure: () => Promise<number>): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < HANDSHAKES_A_ROUND; i++) times.push(await measure())
  return median(times)
}

/** In turn with the baseline, where there is one. */
async function rounds(
  ours: () => Promise<number>,
  baseline: (() => Promise<number>) | undefined,
): Promise<Rounds> {
  const none = () => Promise.resolve(Number.NaN)
  const samples = await alternate({ rounds: ROUNDS, ours, baseline: baseline ?? none })
  const reduced = reduceRounds(samples, (value) => value)
  return baseline === undefined ? { ...reduced, baseline: [] } : reduced
}
