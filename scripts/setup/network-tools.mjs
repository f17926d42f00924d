import { accessSync, constants } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { canInstall, installPackages } from './debian.mjs'
import { say } from './paths.mjs'

const PACKAGES = { ip: 'iproute2', nft: 'nftables', miniupnpd: 'miniupnpd-nftables' }

/** What networks are made of, installed now where that is possible. Who needs it says what is missing where it is not. */
export function ensureNetworkTools() {
  const missing = Object.keys(PACKAGES).filter((program) => !isOnPath(program))
  if (missing.length === 0 || !canInstall()) return
  const packages = missing.map((program) => PACKAGES[program])
  say(`Installing ${packages.join(' and ')} from the packages of this system (once) …`)
  installPackages(...packages)
}

function isOnPath(program) {
  return (process.env.PATH ?? '').split(path.delimiter).some((folder) => {
    try {
      accessSync(path.join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
