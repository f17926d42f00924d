import { BurnBox } from '../../src/chat/burn/burn-box.ts'
import { History, toChatMessage } from '../../src/chat/conversation/history.ts'
import { MessageSearch } from '../../src/chat/search/message-search.ts'
import { memoryFolder, openDataFolder, type DataFolder } from '../../src/node/data-folder.ts'
import { nodeCrypto } from '../../src/node/crypto/node-crypto.ts'
import { percentile } from '../statistics.ts'
import type { Measurement } from '../figure.ts'

const MESSAGES = 100_000
const BATCH = 1000
const ROUNDS = 5
const SEARCHES_A_ROUND = 100
const PERSON = 'b0'.repeat(32)

const WORDS =
  'the ferry leaves at nine from pier two bring a coat it rains café naïve 明天 上午 九点 渡口 见面 tomorrow lunch and then we talk about the house key'.split(
    ' ',
  )

/** Common words, rare ones, several at once, parts of words, another script, and what is nowhere. */
const QUERIES = ['ferry', 'needle', 'coat rains pier', 'morro', '渡口', 'cafe house', 'nowhere']

/**
 * Searching a history of a hundred thousand messages in a data folder, as a client does: from the query to the messages
 * with their marked places. The index is built by a first search that does not count.
 */
export const search: Measurement = {
  figures: [{ key: 'search.100k.p95', unit: 'ms', baseline: 'none' }],

  async run(lab) {
    lab.note('search.100k: writing a long history …')
    const dataDir = await lab.dataFolder()
    const folder = dataDir === undefined ? memoryFolder() : await openDataFolder(dataDir)
    const history = new History({
      records: folder.records,
      fingerprint: PERSON,
      burns: new BurnBox(nodeCrypto, folder.burnKeys),
      now: Date.now,
    })
    const messages = new MessageSearch({
      async *messages() {
        for await (const message of history.newest()) yield toChatMessage(message)
      },
      message: async (_, id) => {
        const message = await history.get(id)
        return message && toChatMessage(message)
      },
    })
    try {
      await write(history)
      lab.note('search.100k: searching …')
      await messages.search('needle')
      const ours: number[] = []
      for (let round = 0; round < ROUNDS; round++) ours.push(await p95(messages))
      return [{ ours, baseline: [] }]
    } finally {
      messages.stop()
      await close(folder)
    }
  },
}

async function write(history: History): Promise<void> {
  const start = Date.now() - MESSAGES
  for (let first = 0; first < MESSAGES; first += BATCH) {
    const batch = Array.from({ length: BATCH }, (_, index) => first + index)
    await history.putAll(
      batch.map((index) => ({
        id: (start + index).toString(16).padStart(12, '0') + index.toString(16).padStart(20, '0'),
        conversation: PERSON,
        author: PERSON,
        outgoing: false,
        text: textOf(index),
        timestamp: start + index,
        state: 'received',
        order: history.nextOrder(),
      })),
    )
  }
}

/** The same hundred thousand texts in every run: 3 to 25 words, one in five thousand with a needle. */
function textOf(index: number): string {
  const words = Array.from(
    { length: 3 + ((index * 7) % 23) },
    (_, place) => WORDS[(index * 31 + place * place * 17 + place) % WORDS.length],
  )
  if (index % 5000 === 4999) words.push('needle')
  return words.join(' ')
}

async function p95(messages: MessageSearch): Promise<number> {
  const times: number[] = []
  for (let count = 0; count < SEARCHES_A_ROUND; count++) {
    const startedAt = performance.now()
    await messages.search(QUERIES[count % QUERIES.length] ?? '')
    times.push(performance.now() - startedAt)
  }
  return percentile(times, 0.95)
}

async function close(folder: DataFolder): Promise<void> {
  await folder.burnKeys.close()
  await folder.records.close()
  await folder.close()
}
