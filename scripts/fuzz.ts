/**
 * Gives every parser of a stranger's bytes a few million nearly valid inputs, and fails when one answers with anything
 * but a value or an error that it documents, takes too long, or eats memory. The same seed gives the same inputs.
 */
import { parseArgs } from 'node:util'
import { chatTargets } from './fuzz/chat-targets.ts'
import { contentTargets } from './fuzz/content-targets.ts'
import { conversationTargets } from './fuzz/conversation-targets.ts'
import { deliveryTargets } from './fuzz/delivery-targets.ts'
import { keyTargets } from './fuzz/key-targets.ts'
import { linkTargets } from './fuzz/link-targets.ts'
import { mailTargets } from './fuzz/mail-targets.ts'
import { networkTargets } from './fuzz/network-targets.ts'
import { type Outcome, MAX_INPUT_MS, runTarget } from './fuzz/run.ts'
import { sessionTargets } from './fuzz/session-targets.ts'
import { Watchdog } from './fuzz/watchdog.ts'
import { makeWorld } from './fuzz/world.ts'

const USAGE = `Usage: npm run fuzz -- [--runs N] [--seconds N] [--seed N] [--target NAME [--from INPUT]]

  --runs     inputs in all, 2,000,000 where not said
  --seconds  stop after so long, whatever was reached
  --seed     another number gives other inputs; 1 where not said
  --target   only the targets whose name begins so
  --from     with --target: the first input; \`--from 1234 --runs 1\` shows a finding again
`
const MAX_FINDINGS_A_TARGET = 5
const SHOWN_BYTES = 200

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '2000000' },
    seconds: { type: 'string', default: 'Infinity' },
    seed: { type: 'string', default: '1' },
    target: { type: 'string', default: '' },
    from: { type: 'string', default: '0' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

function report({ target, inputs, accepted, refused, slowestMs, findings }: Outcome): void {
  const errors = [...refused].map(([name, count]) => `${name} ${count}`).join(', ')
  const head = `${target.padEnd(26)} ${String(inputs).padStart(8)} inputs, ${accepted} taken`
  console.log(`${head}; slowest ${slowestMs.toFixed(1)} ms; ${errors}`)
  for (const { input, problem, bytes } of findings) {
    const hex = Buffer.from(bytes.subarray(0, SHOWN_BYTES)).toString('hex')
    console.log(`  FOUND at input ${input} (${bytes.length} bytes): ${problem}\n    ${hex}`)
  }
}

async function main(): Promise<boolean> {
  const startedAt = performance.now()
  const deadline = startedAt + Number(values.seconds) * 1000
  const world = await makeWorld()
  const all = [
    ...(await chatTargets(world)),
    ...(await contentTargets(world)),
    ...(await conversationTargets(world)),
    ...(await deliveryTargets(world)),
    ...(await keyTargets(world)),
    ...linkTargets(world),
    ...(await mailTargets(world)),
    ...(await networkTargets(world)),
    ...(await sessionTargets(world)),
  ]
  const targets = all.filter(({ name }) => name.startsWith(values.target))
  const weights = targets.reduce((sum, { weight }) => sum + weight, 0)
  const dog = new Watchdog(
    targets.map(({ name }) => name),
    5 * MAX_INPUT_MS,
  )
  let [inputs, found] = [0, 0]
  for (const [number, target] of targets.entries()) {
    // what is left of the time is shared as the inputs are: no target starves behind a slow one
    const remaining = deadline - performance.now()
    const share = Number.isFinite(remaining) ? remaining / (targets.length - number) : Infinity
    const outcome = await runTarget(
      target,
      {
        seed: Number(values.seed),
        from: Number(values.from),
        inputs: Math.max(1, Math.round((Number(values.runs) * target.weight) / weights)),
        deadline: performance.now() + share,
        maxFindings: MAX_FINDINGS_A_TARGET,
      },
      { dog, number },
    )
    report(outcome)
    inputs += outcome.inputs
    found += outcome.findings.length
  }
  await dog.stop()
  const seconds = Math.round((performance.now() - startedAt) / 1000)
  console.log(`${inputs} inputs in ${seconds} s, ${found} findings, seed ${values.seed}`)
  return inputs > 0 && found === 0
}

if (values.help) console.log(USAGE)
// conversations that were fed leave timers behind, of minutes and days
else process.exit((await main()) ? 0 : 1)
