import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { fail, say } from './paths.mjs'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
const PACKAGE = ['install', '-y', '--no-install-recommends', 'chromium']

/** The browser that the tests drive: CHROMIUM_PATH, or one on the PATH, or Debian's package, installed now. */
export function ensureChromium() {
  const given = process.env.CHROMIUM_PATH
  if (given)
    return isExecutable(given) ? given : fail(`CHROMIUM_PATH is '${given}', which is no program`)
  return find() ?? installOnDebian() ?? fail(`the browser tests need Chromium: ${advice()}`)
}

function find() {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean)
  const onPath = folders.flatMap((folder) => NAMES.map((name) => path.join(folder, name)))
  return [...onPath, MAC].find(isExecutable)
}

function installOnDebian() {
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) return undefined
  say('Installing Chromium from the packages of this system (once) …')
  const apt = (...args) =>
    spawnSync('apt-get', ['-qq', ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: ['ignore', 'ignore', 'inherit'],
    }).status === 0
  if (!apt('update') || !apt(...PACKAGE)) {
    fail('Chromium could not be installed: see above, or set CHROMIUM_PATH to a browser')
  }
  return find()
}

function advice() {
  const install = existsSync('/etc/debian_version')
    ? `run 'sudo apt-get ${PACKAGE.join(' ')}'`
    : 'install Chromium or Google Chrome'
  return `${install}, or set CHROMIUM_PATH`
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
