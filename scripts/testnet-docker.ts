/**
 * Drives the network of docker-compose.yml as a test, in real containers: everyone registers, finds everyone by name,
 * talks in pairs and in a room; a third of the containers is killed and started again; nothing that a program has
 * taken on may be lost or doubled. Removes everything at the end.
 */
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { Engine, NoEngineError } from './testnet-docker/engine.ts'
import { killAThird, readHistories } from './testnet-docker/kill.ts'
import { findEveryone, register } from './testnet-docker/meet.ts'
import { problemsOf, summary, type Report } from './testnet-docker/report.ts'
import { talkInPairs, talkInRoom } from './testnet-docker/talk.ts'
import { Testnet } from './testnet-docker/testnet.ts'

const USAGE = `Usage: npm run testnet:docker -- [--peers N] [--texts N] [--compose COMMAND] [--keep] [--json]

  --peers    peers beside the bootstrap node and the two relays, 20 where not said
  --texts    messages that each peer sends to its partner before the trouble begins, 25 where not said
  --compose  'docker compose' or 'docker-compose'; the first that is installed where not said
  --keep     leave the containers for a look, and say how to remove them
  --json     figures for programs on standard output

Where a build has no network of its own, SOTTO_BUILD_NETWORK=host. Exit codes: 0 all is well, 1 it is not, 2 there is no
Docker here, or the command line is wrong.
`
const PROJECT = 'sotto-testnet'

const { values } = parseArgs({
  options: {
    peers: { type: 'string', default: '20' },
    texts: { type: 'string', default: '25' },
    compose: { type: 'string' },
    keep: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

async function main(): Promise<number> {
  const peers = Number(values.peers)
  const texts = Number(values.texts)
  if (values.help || !Number.isInteger(peers) || peers < 3 || !Number.isInteger(texts)) {
    process.stderr.write(USAGE)
    return values.help ? 0 : 2
  }
  // Neither in the way of a node on this machine, nor of the same test beside this one.
  const env = {
    ...process.env,
    SOTTO_PAGE_PORT: '0',
    SOTTO_WS_PORT: String(randomInt(20_000, 30_000)),
    SOTTO_PEER_TTY: 'false',
  }
  const testnet = new Testnet(await Engine.find(PROJECT, env, values.compose))
  const interrupted = new Promise<never>((_resolve, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => reject(new Error(`stopped by ${signal}`)))
    }
  })
  try {
    const report = await Promise.race([story(testnet, peers, texts), interrupted])
    const problems = problemsOf(report)
    if (values.json) console.log(JSON.stringify({ ...report, problems }, null, 2))
    process.stderr.write(summary(report))
    process.stderr.write(problems.map((problem) => `FAILED: ${problem}\n`).join(''))
    return problems.length === 0 ? 0 : 1
  } finally {
    if (values.keep) {
      testnet.leave()
      tell(`kept; to remove it: ${testnet.engine.command} -p ${PROJECT} down --volumes`)
    } else await testnet.down()
  }
}

async function story(testnet: Testnet, peers: number, texts: number): Promise<Report> {
  const { engine } = testnet
  tell(`${engine.compose}, engine ${engine.version}: building …`)
  await testnet.down()
  await engine.composed('build', 'bootstrap')
  tell(`starting ${peers + 3} containers …`)
  const healthyMs = await testnet.up(peers)
  tell('everyone registers and looks for everyone …')
  await register(testnet)
  const meeting = await findEveryone(testnet)
  tell('talking in pairs …')
  const pairsMs = await talkInPairs(testnet, texts)
  tell('talking in a room …')
  const room = await talkInRoom(testnet)
  const usage = await engine.usage(testnet.containers)
  tell('a third is killed, and started again …')
  const recovery = await killAThird(testnet)
  await readHistories(testnet)
  return {
    engine: engine.version,
    compose: engine.compose,
    containers: testnet.containers.length,
    peers,
    imageBytes: await engine.imageBytes('sotto'),
    healthyMs,
    meeting,
    pairsMs,
    pairTexts: peers * texts,
    room,
    recovery,
    account: testnet.ledger.account(),
    usage,
  }
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`)
}

let exitCode: number
try {
  exitCode = await main()
} catch (err) {
  tell(`testnet: ${err instanceof Error ? err.message : String(err)}`)
  exitCode = err instanceof NoEngineError ? 2 : 1
}
await new Promise((done) => process.stdout.write('', done))
// A story that was broken off still waits for its peers, which are gone.
process.exit(exitCode)
