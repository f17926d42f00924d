import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import process from 'node:process'

export const isDebian = () => existsSync('/etc/debian_version')

/** Whether packages of the system may be installed here without asking anybody. */
export const canInstall = () => isDebian() && process.getuid?.() === 0

/** Installs packages of the system; false when that does not work, and apt has said why. */
export function installPackages(...packages) {
  const apt = (...args) =>
    spawnSync('apt-get', ['-qq', ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: ['ignore', 'ignore', 'inherit'],
    }).status === 0
  return apt('update') && apt('install', '-y', '--no-install-recommends', ...packages)
}
