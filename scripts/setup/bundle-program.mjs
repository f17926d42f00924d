/**
 * A few files of everything the program needs: reading a thousand small modules is most of a cold start. What is imported
 * dynamically lies in files of its own, since the source of a file stays in memory for as long as the program runs.
 */
import { build } from 'esbuild'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { fail, inRoot, PROGRAM } from './paths.mjs'

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'))

const FOLDER = path.dirname(PROGRAM)
const METAFILE = path.join(FOLDER, 'metafile.json')

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

/** @achingbrain/ssdp tells gateways its name and version, which it reads from a file that no bundle has beside it. */
const ownVersion = {
  name: 'own-version',
  setup({ onLoad }) {
    onLoad({ filter: /@achingbrain\/ssdp\/dist\/src\/ssdp\.js$/ }, ({ path: file }) => {
      const { name, version } = readJson(path.join(path.dirname(file), '../../package.json'))
      const contents = readFileSync(file, 'utf8').replace(
        "req('../../package.json')",
        JSON.stringify({ name, version }),
      )
      return { contents }
    })
  },
}

/**
 * Names are not kept where esbuild has to change them, which are few without minifying: keeping them costs a call of
 * `Object.defineProperty` for each function and closure that is made, and a table of its own for each of these, 7 MB
 * among ten users. @peculiar/asn1-schema looks for this one, so it must have stayed.
 */
const NAME_THAT_IS_ASKED_FOR = 'Sequence'

const OPTIONS = {
  entryPoints: { [path.basename(PROGRAM, '.js')]: inRoot('src/node/cli/main.ts') },
  outdir: FOLDER,
  // A hash of what is in it: a program that runs still finds its own parts after the next build.
  chunkNames: 'parts/[name]-[hash]',
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  // Native code finds its binary beside its own package.
  external: ['classic-level'],
  plugins: [lazyNative, lazyHttp, ownVersion],
  banner: { js: REQUIRE },
  // Names stay, and lines short enough to be quoted, for stack traces. One comment that is not ASCII would double a file
  // in memory: what licences ask for lies beside it.
  minifyWhitespace: true,
  minifySyntax: true,
  lineLimit: 120,
  legalComments: 'external',
  metafile: true,
  write: false,
  logLevel: 'warning',
}

/** Whole or not at all: somebody may start the program meanwhile. */
function replace(file, contents) {
  const fresh = `${file}.${process.pid}.tmp`
  writeFileSync(fresh, contents)
  renameSync(fresh, file)
}

/** What a build wrote, by the report that it left. */
const partsOf = (metafile) => Object.keys(metafile.outputs).map((name) => path.basename(name))
const previous = existsSync(METAFILE) ? partsOf(readJson(METAFILE)) : []

const { outputFiles, metafile } = await build(OPTIONS)
if (outputFiles.some(({ text }) => new RegExp(`\\b${NAME_THAT_IS_ASKED_FOR}\\d`, 'u').test(text))) {
  fail(`a second ${NAME_THAT_IS_ASKED_FOR} in the bundle: see bundle-program.mjs`)
}
const parts = path.join(FOLDER, 'parts')
mkdirSync(parts, { recursive: true })
const isEntry = ({ path: file }) => file === PROGRAM
// The one that asks for the others comes last.
for (const file of outputFiles.toSorted((a, b) => isEntry(a) - isEntry(b)))
  replace(file.path, file.contents)
replace(METAFILE, JSON.stringify(metafile))
// A program that was started before this build goes on with the parts of the last one.
const wanted = new Set([...previous, ...partsOf(metafile)])
for (const name of readdirSync(parts)) if (!wanted.has(name)) rmSync(path.join(parts, name))
