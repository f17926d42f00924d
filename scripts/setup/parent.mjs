import process from 'node:process'

const CHECK_MS = 500

/**
 * Under npm there is a shell between npm and us, and it dies of a signal without passing it on: we would go on with
 * nobody to stop us. So whoever npm started ends, as for SIGTERM, when its parent is gone.
 */
export function stopWithParent() {
  if (process.env.npm_lifecycle_event === undefined) return
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    process.kill(process.pid, 'SIGTERM')
  }, CHECK_MS)
  timer.unref()
}
