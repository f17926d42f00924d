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

/** What one option alone asks for, and two megabytes of source: a file of its own, read when it is imported. */
const AUTO_TLS = 'auto-tls.js'
const apart = {
  name: 'apart',
  setup({ onResolve }) {
    onResolve({ filter: /\/auto-tls\/provider\.ts$/ }, ({ kind }) =>
      kind === 'entry-point' ? undefined : { path: `./${AUTO_TLS}`, external: true },
    )
  },
}

const OPTIONS = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  // Native code finds its binary beside its own package.
  external: ['classic-level'],
  plugins: [lazyNative, lazyHttp, apart],
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
}

async function bundle(entry, file) {
  const fresh = `${file}.${process.pid}.tmp`
  const { metafile } = await build({ ...OPTIONS, entryPoints: [inRoot(entry)], outfile: fresh })
  renameSync(`${fresh}.LEGAL.txt`, `${file}.LEGAL.txt`)
  renameSync(fresh, file)
  return metafile
}

mkdirSync(path.dirname(PROGRAM), { recursive: true })
await bundle('src/node/network/auto-tls/provider.ts', path.join(path.dirname(PROGRAM), AUTO_TLS))
const metafile = await bundle('src/node/cli/main.ts', PROGRAM)
writeFileSync(inRoot('dist/node/metafile.json'), JSON.stringify(metafile))
