import { build } from 'esbuild'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT } from '../lab/paths.ts'
import type * as Node from './node.ts'

export type Ours = typeof Node

/**
 * Our side as it is shipped: bundled. tsx, under which the benchmarks run, gives every closure its name anew each time
 * one is made, which is an eighth of a message's price and in nothing that anybody runs.
 */
export async function loadOurs(): Promise<Ours> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sotto-bench-'))
  const outfile = path.join(folder, 'node.mjs')
  try {
    await build({
      entryPoints: [path.join(ROOT, 'bench', 'session', 'node.ts')],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node24',
      logLevel: 'warning',
    })
    const module: unknown = await import(pathToFileURL(outfile).href)
    return module as Ours
  } finally {
    await rm(folder, { recursive: true })
  }
}
