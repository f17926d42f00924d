/**
 * `npm run dev`: a relay, alice and bob in this process, and the page with hot reload, entering their network.
 * DEBUG='sotto:*,libp2p:circuit-relay*' shows what goes on underneath.
 */
import path from 'node:path'
import { createServer } from 'vite'
import { startPageServer } from '../src/node/http/page-server.ts'
import { createLogger } from '../src/node/log/create-logger.ts'
import { createTestnet } from '../src/node/testnet/create-testnet.ts'
import { listenForStop } from '../src/node/cli/stop-signals.ts'

const stop = listenForStop()
await using running = new AsyncDisposableStack()

const testnet = await createTestnet({ peers: ['alice', 'bob'], relay: true })
running.defer(() => testnet.stop())

const api = await startPageServer({
  host: 'localhost',
  port: Number(process.env['PORT'] ?? 5000),
  allowHosts: [],
  folder: path.resolve('dist/ui-web'),
  self: () => (testnet.relay ?? testnet.peer('alice')).chat.self,
  log: createLogger('INFO', process.stderr),
})
running.defer(() => api.stop())

const vite = await createServer()
running.defer(() => vite.close())
await vite.listen()

for (const name of ['alice', 'bob'] as const) {
  const { chat } = testnet.peer(name)
  console.log(`${name.padEnd(8)}${chat.self.fingerprint}`)
  chat.addEventListener('message', ({ detail }) => {
    if (!detail.outgoing) console.log(`${name} got: ${detail.text}`)
  })
}
vite.printUrls()

await new Promise<void>((resolve) => {
  stop.signal.addEventListener('abort', () => {
    resolve()
  })
})
