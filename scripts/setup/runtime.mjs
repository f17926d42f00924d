import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { PINNED_NODE } from './paths.mjs'

/** libp2p's own floor is 22, and ML-KEM came with 24.7; we are built and tested on the pinned one. */
const LEAST = [24, 7]

export function isNewEnough(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number)
  return major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1])
}

/** Runs a command with the pinned runtime, passing signals on, and resolves with the exit code of a shell. */
export function runPinned(args, options = {}) {
  const child = spawn(PINNED_NODE, args, { stdio: 'inherit', ...options })
  const forward = (signal) => child.kill(signal)
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, forward)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      for (const name of signals) process.off(name, forward)
      resolve(code ?? 128 + constants.signals[signal])
    })
  })
}
