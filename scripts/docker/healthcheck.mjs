/**
 * Whether the peer in this container answers: `healthcheck.mjs http 5000` asks a node's HTTP API, `healthcheck.mjs tcp
 * 5001` greets a peer that has none, at the port where it listens for others. Exit code 0 or 1, as Docker wants it.
 */
import { once } from 'node:events'
import net from 'node:net'
import process from 'node:process'

/** Below the timeout in Dockerfile and docker-compose.yml, so that the reason gets into the container's state. */
const TIMEOUT_MS = 4000
/** How every libp2p connection begins, with its length before it, and how the other side answers. */
const GREETING = '\x13/multistream/1.0.0\n'

const CHECKS = { http: askHttp, tcp: greetTcp }

async function askHttp(port) {
  const response = await fetch(`http://127.0.0.1:${port}/api/health`, {
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  if (!response.ok) throw new Error(`HTTP ${response.status}`)
}

async function greetTcp(port) {
  const socket = net.connect({ port, host: '127.0.0.1' }).setEncoding('utf8')
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    socket.write(GREETING)
    let answer = ''
    while (answer.length < GREETING.length) answer += (await once(socket, 'data', { signal }))[0]
    if (!answer.startsWith(GREETING)) throw new Error('no libp2p peer')
  } finally {
    socket.destroy()
  }
}

try {
  const [kind, port] = process.argv.slice(2)
  await CHECKS[kind](Number(port))
} catch (err) {
  console.error(`sotto: not healthy: ${err.message}`)
  process.exitCode = 1
}
