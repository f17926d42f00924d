import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fingerprint } from './fingerprint.mjs'
import { inRoot, PINNED_NODE, PROGRAM, ROOT, say, fail } from './paths.mjs'

const FOUNDATION = ['src/crypto', 'src/chat']
/** Folders of src/node that only the program uses; what the page shares with it is everything else. */
const PROGRAM_ONLY = ['cli', 'config', 'http', 'log', 'terminal', 'testnet', 'keystore']

/** The two things that are built: what of, what by, and where to. */
const BUILDS = {
  program: {
    output: PROGRAM,
    command: [inRoot('scripts/setup/bundle-program.mjs')],
    inputs: () =>
      fingerprint(
        ['package-lock.json', 'tsconfig.json', 'scripts/setup/bundle-program.mjs'],
        [...FOUNDATION, 'src/node'],
      ),
  },
  page: {
    output: inRoot('dist/ui-web/index.html'),
    command: [inRoot('node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'error'],
    inputs: () => {
      const { files, folders } = sharedWithPage()
      return fingerprint(
        ['package-lock.json', 'tsconfig.json', 'vite.config.ts', ...files],
        [...FOUNDATION, ...folders, 'src/ui-web'],
      )
    },
  },
}

function sharedWithPage() {
  const entries = readdirSync(inRoot('src/node'), { withFileTypes: true })
  const name = (entry) => `src/node/${entry.name}`
  return {
    files: entries.filter((entry) => entry.isFile()).map(name),
    folders: entries
      .filter((entry) => entry.isDirectory() && !PROGRAM_ONLY.includes(entry.name))
      .map(name),
  }
}

/** Builds `program` and `page` where what they are made of has changed. A check costs some ten milliseconds. */
export function ensureBuilt(names, { force = false } = {}) {
  for (const name of names) {
    const { output, command, inputs } = BUILDS[name]
    const stamp = inRoot('dist', `.${name}-stamp`)
    const wanted = inputs()
    if (!force && existsSync(output) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted)
      continue
    say(`Building the ${name} …`)
    const { status } = spawnSync(PINNED_NODE, command, {
      cwd: ROOT,
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    if (status !== 0) fail(`the ${name} could not be built: see above`)
    mkdirSync(inRoot('dist'), { recursive: true })
    writeFileSync(stamp, wanted)
  }
}
