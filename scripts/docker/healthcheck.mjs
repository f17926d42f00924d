/**
 * Whether the node in this container answers: `healthcheck.mjs 5000` asks its HTTP API. Exit code 0 or 1, as Docker wants
 * it. For a peer that has none: greet.sh.
 */
import process from 'node:process'

/** Below the timeout in Dockerfile and docker-compose.yml, so that the reason gets into the container's state. */
const TIMEOUT_MS = 4000

try {
  const response = await fetch(`http://127.0.0.1:${process.argv[2]}/api/health`, {
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  if (!response.ok) throw new Error(`HTTP ${response.status}`)
} catch (err) {
  console.error(`sotto: not healthy: ${err.message}`)
  process.exitCode = 1
}
