/** `npm run bench`: measures every figure against a baseline of the same run, and prints a table or JSON. */
import { inspect } from 'node:util'
import { measurements } from './figures/index.ts'
import { Lab } from './lab/lab.ts'
import { isWanted, readOptions, USAGE, type BenchOptions } from './options.ts'
import { formatJson, formatTable } from './report.ts'
import type { Figure, Measurement } from './figure.ts'

async function main(): Promise<number> {
  let options: BenchOptions
  try {
    options = readOptions(process.argv.slice(2))
  } catch (err) {
    process.stderr.write(`bench: ${err instanceof Error ? err.message : String(err)}\n${USAGE}`)
    return 2
  }
  if (options.help) {
    process.stdout.write(USAGE)
    return 0
  }
  const wanted = measurements.filter(({ figures }) =>
    figures.some(({ key }) => isWanted(key, options.prefixes)),
  )
  if (wanted.length === 0) {
    process.stderr.write(`bench: no figure begins with ${options.prefixes.join(' or ')}\n`)
    return 2
  }
  const { figures, isWhole } = await measureAll(wanted, options)
  process.stdout.write(`${options.json ? formatJson(figures) : formatTable(figures)}\n`)
  return isWhole ? 0 : 1
}

/** One after the other; one that fails is told of, and the others are measured all the same. */
async function measureAll(
  wanted: readonly Measurement[],
  options: BenchOptions,
): Promise<{ readonly figures: Figure[]; readonly isWhole: boolean }> {
  const figures: Figure[] = []
  let isWhole = true
  await using lab = new Lab(options)
  for (const measurement of wanted) {
    try {
      figures.push(...(await measure(measurement, lab)))
    } catch (err) {
      isWhole = false
      const keys = measurement.figures.map(({ key }) => key).join(', ')
      process.stderr.write(`bench: not measured: ${keys}: ${inspect(err)}\n`)
    }
  }
  return { figures: figures.filter(({ key }) => isWanted(key, options.prefixes)), isWhole }
}

async function measure({ figures, run }: Measurement, lab: Lab): Promise<Figure[]> {
  const measured = await run(lab)
  return figures.map((spec, index) => {
    const rounds = measured[index]
    if (rounds === undefined) throw new RangeError(`nothing was measured for ${spec.key}`)
    return { ...spec, rounds }
  })
}

process.exitCode = await main()
