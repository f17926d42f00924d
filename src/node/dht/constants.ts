/** A node that was not reached is dialled again after this, doubling to the last for as long as it is not. */
export const REDIAL_PAUSE_FIRST_MS = 5000
export const REDIAL_PAUSE_LAST_MS = 2 * 60_000

/** Nodes of which it is remembered when they were dialled last. */
export const MAX_PACED_NODES = 1000

/** Nodes that are dialled, or wait for it, at once. A query asks six at a time, and each answer names twenty. */
export const MAX_NODE_DIALS = 64

/** So many nodes are known as a whole, and for so long after all answers named nobody new. */
export const MAX_WHOLE_NETWORK = 60
export const WHOLE_NETWORK_MS = 10_000
