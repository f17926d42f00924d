/** `npm run bench`: measures every figure against a baseline of the same run, and prints a table or JSON. */
import { measurements } from './figures/index.ts'
import { Lab } from './lab/lab.ts'
import { isWanted, readOptions, USAGE, type BenchOptions } from './options.ts'
import { formatJson, formatTable } from './report.ts'
import type { Figure } from './figure.ts'

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
  const figures = await measure(options)
  if (figures.length === 0) {
    process.stderr.write(`bench: no figure begins with ${options.prefixes.join(' or ')}\n`)
    return 2
  }
  process.stdout.write(`${options.json ? formatJson(figures) : formatTable(figures)}\n`)
  return 0
}

async function measure(options: BenchOptions): Promise<Figure[]> {
  const { prefixes } = options
  const figures: Figure[] = []
  await using lab = new Lab(options)
  for (const measurement of measurements) {
    const { figures: specs } = measurement
    if (!specs.some(({ key }) => isWanted(key, prefixes))) continue
    const measured = await measurement.run(lab)
    for (const [index, spec] of specs.entries()) {
      const rounds = measured[index]
      if (rounds === undefined) throw new RangeError(`nothing was measured for ${spec.key}`)
      if (isWanted(spec.key, prefixes)) figures.push({ ...spec, rounds })
    }
  }
  return figures
}

process.exitCode = await main()
