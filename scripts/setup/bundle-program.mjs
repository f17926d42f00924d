/**
 * One file of everything the program needs: reading a thousand small modules is most of a cold start. A dynamic
 * import stays lazy inside the file, and a single file can be replaced while an older program still runs.
 */
import { build } from 'esbuild'
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { inRoot, PROGRAM } from './paths.mjs'

// Packages of CommonJS ask for Node's own modules with require, which a module of ESM does not have.
const REQUIRE =
  "import { createRequire as sottoRequire } from 'node:module'\nconst require = sottoRequire(import.meta.url)"

const fresh = `${PROGRAM}.${process.pid}.tmp`
mkdirSync(path.dirname(PROGRAM), { recursive: true })
const { metafile } = await build({
  entryPoints: [inRoot('src/node/cli/main.ts')],
  outfile: fresh,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  // Native code finds its binary beside its own package.
  external: ['classic-level', 'node-datachannel'],
  banner: { js: REQUIRE },
  keepNames: true,
  metafile: true,
  logLevel: 'warning',
})
renameSync(fresh, PROGRAM)
// For `npx esbuild-visualizer` and the like: what makes the program as large as it is.
writeFileSync(inRoot('dist/node/metafile.json'), JSON.stringify(metafile))
