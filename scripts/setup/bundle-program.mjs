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

/**
 * WebRTC's native part, 16 MB of memory, waits until somebody offers a connection. An import of it would be put at the
 * top of the bundle, wherever it stood; a require stays in the module that is loaded lazily.
 */
const lazyNative = {
  name: 'lazy-native',
  setup({ onResolve, onLoad }) {
    const filter = /^node-datachannel(\/polyfill)?$/
    onResolve({ filter }, ({ path: name, namespace }) =>
      namespace === 'native' ? { path: name, external: true } : { path: name, namespace: 'native' },
    )
    onLoad({ filter, namespace: 'native' }, ({ path: name }) => ({
      contents: `module.exports = require('${name}')`,
    }))
  },
}

/**
 * An import of `node:http` reads every export, and among them is a WebSocket that Node.js loads when it is read, with all
 * of undici: 3 MB of memory, and 13 in a program of nothing else. A require reads what is used.
 */
const lazyHttp = {
  name: 'lazy-http',
  setup({ onResolve, onLoad }) {
    const filter = /^(node:)?http$/
    onResolve({ filter }, ({ namespace }) =>
      namespace === 'http'
        ? { path: 'node:http', external: true }
        : { path: 'http', namespace: 'http' },
    )
    onLoad({ filter, namespace: 'http' }, () => ({
      contents: "module.exports = require('node:http')",
    }))
  },
}

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
  external: ['classic-level'],
  plugins: [lazyNative, lazyHttp],
  banner: { js: REQUIRE },
  // For stack traces, and @peculiar/asn1-schema asks classes for their names.
  keepNames: true,
  // The source stays in memory for as long as the program runs. Names stay too, and lines short enough to be quoted,
  // for stack traces. One comment that is not ASCII would double it all: what licences ask for lies beside it.
  minifyWhitespace: true,
  minifySyntax: true,
  lineLimit: 120,
  legalComments: 'external',
  metafile: true,
  logLevel: 'warning',
})
renameSync(`${fresh}.LEGAL.txt`, `${PROGRAM}.LEGAL.txt`)
renameSync(fresh, PROGRAM)
// For `npx esbuild-visualizer` and the like: what makes the program as large as it is.
writeFileSync(inRoot('dist/node/metafile.json'), JSON.stringify(metafile))
