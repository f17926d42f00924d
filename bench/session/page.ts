/** What the page measures, with the backend that browsers have; `chromium.ts` calls it. */
import { webCrypto } from '../../src/crypto/web-crypto.ts'
import { startConversation, timeHandshake } from './conversation.ts'
import { type Direction, timeMessages } from './timing.ts'

export interface PageMeasures {
  messages(direction: Direction, rounds: number, messages: number): Promise<number[]>
  handshakes(rounds: number): Promise<number[]>
}

const measures: PageMeasures = {
  async messages(direction, rounds, messages) {
    const conversation = await startConversation(webCrypto)
    await timeMessages(conversation, direction, messages)
    const times: number[] = []
    for (let round = 0; round < rounds; round++) {
      times.push(await timeMessages(conversation, direction, messages))
    }
    return times
  },

  async handshakes(rounds) {
    await timeHandshake(webCrypto)
    const times: number[] = []
    for (let round = 0; round < rounds; round++) times.push(await timeHandshake(webCrypto))
    return times
  },
}

Object.assign(globalThis, { measures })
