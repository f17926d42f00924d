/**
 * `npm run soak`: opens and closes connections again and again, over a relay and then by WebRTC, and counts what stays
 * behind. libp2p's WebRTC kept every connection for as long as the program ran (js-libp2p #3567); a node that is up for
 * months would notice. Exit code 1: something grows.
 */
import { parseArgs } from 'node:util'
import { measure, grown, row, HEAD, type Sample } from './soak/sample.ts'
import { Scene } from './soak/scene.ts'

const USAGE = `Usage: npm run soak -- [--rounds N] [--kind relayed|webrtc]…

  --rounds  connections to open and close, one after another, of each kind; 200 where not said
  --kind    only these (repeatable)
`
const SAMPLES = 5
/** What is made once, at the first connections: code, pools, tables; and what waits 30 s for an end. */
const WARM_UP = 50
const KINDS = ['relayed', 'webrtc'] as const

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '200' },
    kind: { type: 'string', multiple: true, default: [...KINDS] },
    help: { type: 'boolean', default: false },
  },
})

async function main(): Promise<number> {
  const rounds = Number(values.rounds)
  const kinds = KINDS.filter((kind) => values.kind.includes(kind))
  if (values.help || !Number.isInteger(rounds) || rounds < SAMPLES || kinds.length === 0) {
    process.stderr.write(USAGE)
    return values.help ? 0 : 2
  }
  const scene = await Scene.create()
  let complaints = 0
  try {
    for (const kind of kinds) {
      process.stdout.write(`${kind}\n${HEAD}\n`)
      for (let round = 0; round < WARM_UP; round++) await scene.openAndClose(kind)
      const first = await measure(scene, 0)
      process.stdout.write(`${row(first)}\n`)
      let last: Sample = first
      let failed = 0
      for (let round = 1; round <= rounds; round++) {
        if (!(await scene.openAndClose(kind))) failed++
        if (round % Math.ceil(rounds / SAMPLES) !== 0 && round !== rounds) continue
        last = await measure(scene, round)
        process.stdout.write(`${row(last)}\n`)
      }
      process.stdout.write(`${failed} of ${rounds} did not come about\n`)
      for (const complaint of grown(first, last)) {
        complaints++
        process.stdout.write(`GROWS: ${complaint}\n`)
      }
    }
  } finally {
    await scene.stop()
  }
  return complaints === 0 ? 0 : 1
}

process.exitCode = await main()
