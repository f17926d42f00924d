/** Node's own; browsers have none. */
const { setImmediate } = globalThis as { setImmediate?: (task: () => void) => unknown }

/**
 * Runs a task when this turn of the event loop has done all it had at hand; undefined where the platform cannot say
 * cheaply when that is, which is in browsers.
 */
export const afterTurn = setImmediate
