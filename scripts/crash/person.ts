/**
 * One person with a real peer, as the program starts it, who talks until killed. Everything that the user would be told
 * is written to stdout the moment it is told: writes to a pipe are synchronous, so nothing told is lost with the process.
 */
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { startNodePeer, type Peer } from '../../src/node/node-peer.ts'
import type { ChatMessage } from '../../src/chat/api.ts'
import type { ListedMessage, Order, Report } from './messages.ts'

const PAUSE_BETWEEN_MESSAGES_MS = 8
const MAX_WAITING = 40
/** Every so many messages one is long. */
const LONG_EVERY = 15
const LONG_TEXT = 'a long way to go, '.repeat(700)

let peer: Peer | undefined
let isTalking = false
let talking: Promise<void> = Promise.resolve()
let waiting = 0

const started = (): Peer => {
  if (peer === undefined) throw new RangeError('not started')
  return peer
}

function tell(report: Report): void {
  process.stdout.write(`${JSON.stringify(report)}\n`)
}

async function start(dataDir: string, port: number): Promise<void> {
  const listen = [`/ip4/127.0.0.1/tcp/${port}`]
  peer = await startNodePeer({ dataDir, listen, bootstrap: [], mdns: false, strangers: 'accept' })
  const { chat } = peer
  // before anything is awaited: what comes in from here on is told
  chat.addEventListener('message', ({ detail }) => {
    if (!detail.outgoing && detail.note === undefined) tell({ told: 'shown', id: detail.id })
  })
  chat.addEventListener('message:change', ({ detail }) => {
    if (!detail.outgoing || detail.state !== 'delivered') return
    waiting--
    tell({ told: 'acknowledged', id: detail.id })
  })
  const kept = await everything()
  waiting = kept.filter(({ outgoing, state }) => outgoing && state !== 'delivered').length
  tell({ told: 'up', address: chat.self.multiaddrs[0] ?? '', kept })
}

async function meet(address: string): Promise<void> {
  const { chat } = started()
  const { people } = await chat.lookup(address)
  const [person] = people
  if (person === undefined) throw new RangeError(`nobody at ${address}`)
  await chat.send(person.fingerprint, 'hello')
  tell({ told: 'met' })
}

async function talk(prefix: string): Promise<void> {
  const { chat } = started()
  const [conversation] = chat.conversations()
  if (conversation === undefined) throw new RangeError('nobody to talk to')
  isTalking = true
  void stayConnected(conversation.id)
  for (let count = 0; isTalking; count++) {
    if (waiting < MAX_WAITING) {
      const text = `${prefix} ${count}`
      const message = await chat.send(conversation.id, count % LONG_EVERY ? text : text + LONG_TEXT)
      waiting++
      tell({ told: 'accepted', id: message.id })
    }
    await pause(PAUSE_BETWEEN_MESSAGES_MS)
  }
}

/** The program has its own growing pauses; a test that kills every second has no time for them. */
async function stayConnected(fingerprint: string): Promise<void> {
  for (;;) {
    await started()
      .chat.connect(fingerprint)
      .catch(() => undefined)
    await pause(100)
  }
}

async function everything(): Promise<ListedMessage[]> {
  const { chat } = started()
  const [conversation] = chat.conversations()
  const messages = conversation === undefined ? [] : await chat.messages(conversation.id)
  return messages.filter(isTalk).map(({ id, outgoing, state }) => ({ id, outgoing, state }))
}

function isTalk({ note, text }: ChatMessage): boolean {
  return note === undefined && text !== 'hello'
}

async function obey(order: Order): Promise<void> {
  switch (order.do) {
    case 'start':
      return start(order.dataDir, order.port)
    case 'meet':
      return meet(order.address)
    case 'talk':
      talking = talk(order.prefix)
      return talking
    case 'quiet':
      isTalking = false
      await talking
      tell({ told: 'quiet' })
      return
    case 'list':
      tell({ told: 'list', messages: await everything() })
  }
}

const lines = createInterface({ input: process.stdin })
lines.on('line', (line) => {
  obey(JSON.parse(line) as Order).catch((err: unknown) => {
    tell({
      told: 'trouble',
      error: err instanceof Error ? (err.stack ?? err.message) : String(err),
    })
  })
})
// nobody to report to: the run is over
lines.once('close', () => process.exit(0))
tell({ told: 'loaded' })
