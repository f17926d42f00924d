import path from 'node:path'
import { build } from 'esbuild'
import { ROOT } from './paths.ts'

/** Packages of CommonJS ask for Node's own modules with require, which a module of ESM does not have. */
const REQUIRE =
  "import { createRequire as benchRequire } from 'node:module'\nconst require = benchRequire(import.meta.url)"

/**
 * Bundles a program of `bench/child/` as `scripts/setup/bundle-program.mjs` bundles ours, so that what is measured is
 * what is shipped, for the baseline alike. Resolves with the file.
 */
export async function bundle(name: string, folder: string): Promise<string> {
  const outfile = path.join(folder, `${name}.mjs`)
  await build({
    entryPoints: [path.join(ROOT, 'bench', 'child', `${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    // native code finds its binary beside its own package
    external: ['classic-level', 'node-datachannel'],
    banner: { js: REQUIRE },
    keepNames: true,
    sourcemap: true,
    logLevel: 'warning',
  })
  return outfile
}
