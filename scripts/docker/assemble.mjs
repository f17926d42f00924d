/**
 * Puts together what an image needs, laid out as in the repository: `assemble.mjs FOLDER`. That is the built program and
 * page, what starts them, and the packages with native code, which a bundle cannot hold.
 */
import { cpSync, existsSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import path from 'node:path'
import process from 'node:process'
import { fail, inRoot, say } from '../setup/paths.mjs'

const FILES = [
  'package.json',
  'LICENSE-APACHE',
  'LICENSE-MIT',
  'dist/node/sotto.js',
  'dist/node/parts',
  'dist/ui-web',
  'scripts/docker/greet.sh',
  'scripts/docker/healthcheck.mjs',
  'scripts/docker/warm-up.mjs',
  'scripts/start.mjs',
  'scripts/setup/launch.mjs',
  'scripts/setup/paths.mjs',
]
/** Of a native package, what is for building it, and its binaries for other machines. */
const PLATFORM = `${process.platform}-${process.arch}`
const UNUSED = /\/(?:deps|src|test|\.github|[^/]+\.(?:cc|gyp|md|map|d\.[cm]?ts))$/u

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'))

/** Packages that the bundle asks for when it runs. */
function externals() {
  const { outputs } = readJson(inRoot('dist/node/metafile.json'))
  const imports = Object.values(outputs).flatMap((output) => output.imports)
  const names = imports.filter(
    ({ external, path: name }) => external && !isBuiltin(name) && !name.startsWith('.'),
  )
  return [...new Set(names.map(({ path: name }) => name))]
}

/** A package, and all that it depends on and that is installed here. */
function addPackage(name, found = new Set()) {
  const folder = inRoot('node_modules', name)
  if (found.has(name) || !existsSync(folder)) return found
  found.add(name)
  const { dependencies = {}, optionalDependencies = {} } = readJson(
    path.join(folder, 'package.json'),
  )
  for (const next of Object.keys({ ...dependencies, ...optionalDependencies })) {
    if (existsSync(path.join(folder, 'node_modules', next))) {
      fail(`${name} has a ${next} of its own, which this script does not know how to copy`)
    }
    addPackage(next, found)
  }
  return found
}

function isNeeded(source) {
  const prebuild = /\/prebuilds\/([^/]+)/u.exec(source)?.[1]
  if (prebuild !== undefined && !prebuild.startsWith(PLATFORM)) return false
  return !UNUSED.test(source)
}

const [target] = process.argv.slice(2)
if (target === undefined) fail('where to? assemble.mjs FOLDER')
const packages = new Set(externals().flatMap((name) => [...addPackage(name)]))
for (const file of FILES) cpSync(inRoot(file), path.join(target, file), { recursive: true })
for (const name of packages) {
  const folder = path.join('node_modules', name)
  cpSync(inRoot(folder), path.join(target, folder), { recursive: true, filter: isNeeded })
}
say(`assembled, with ${packages.size} packages: ${[...packages].join(', ')}`)
