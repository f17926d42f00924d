import { onPage } from '../session/chromium.ts'
import type { Measurement, Rounds } from '../figure.ts'
import type { PageMeasures } from '../session/page.ts'
import type { Direction } from '../session/timing.ts'

const ROUNDS = 9
const MESSAGES_A_ROUND = 100

declare global {
  // page.ts puts it there
  var measures: PageMeasures
}

/** The same as `sessionNode` on a page of headless Chromium, with WebCrypto and noble. Nothing to hold it against. */
export const sessionChromium: Measurement = {
  figures: [
    { key: 'session.chromium.sealopen.oneway', unit: 'µs', baseline: 'none' },
    { key: 'session.chromium.sealopen.alternating', unit: 'µs', baseline: 'none' },
    { key: 'session.chromium.handshake', unit: 'ms', baseline: 'none' },
  ],

  async run(lab) {
    lab.note('session.chromium: the same on a page …')
    return onPage(async (page) => {
      const messages = (direction: Direction): Promise<number[]> =>
        page.evaluate(([way, rounds, count]) => measures.messages(way, rounds, count), [
          direction,
          ROUNDS,
          MESSAGES_A_ROUND,
        ] as const)
      const ours = [
        await messages('oneway'),
        await messages('alternating'),
        await page.evaluate((rounds) => measures.handshakes(rounds), ROUNDS),
      ]
      return ours.map((times): Rounds => ({ ours: times, baseline: [] }))
    })
  },
}
