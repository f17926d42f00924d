import { accessSync, constants } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { canInstall, installPackages, isDebian } from './debian.mjs'
import { fail, say } from './paths.mjs'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'

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
  if (!canInstall()) return undefined
  say('Installing Chromium from the packages of this system (once) …')
  if (!installPackages('chromium')) {
    fail('Chromium could not be installed: see above, or set CHROMIUM_PATH to a browser')
  }
  return find()
}

function advice() {
  const install = isDebian()
    ? `run 'sudo apt-get install chromium'`
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
