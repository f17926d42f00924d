/** docs/connectivity.md */

/** Reservations to hold at once while nobody can dial us: one relay may die and we stay reachable. */
export const WANTED_RESERVATIONS = 2

/** How often the watchdog counts reservations; it also looks whenever a relay comes or goes. */
export const RESERVATION_CHECK_MS = 10_000

/** After a relay refused, or was full: this long, doubling to the last, it is left alone. */
export const RELAY_PAUSE_FIRST_MS = 2000
export const RELAY_PAUSE_LAST_MS = 10 * 60_000

/** A connection in doubt answers a ping within this, or is ended. */
export const PROBE_TIMEOUT_MS = 3000

/** Connections that are probed at once after a doubt. */
export const MAX_PROBES = 64

/** Of those that we opened, how many are opened anew meanwhile: entrances and relays, and a few more. */
export const MAX_REPLACEMENTS = 8

/** Before that, an answer has this long: one round trip round the world. */
export const REPLACEMENT_AFTER_MS = 250

/** Peers kept to come back to the network through, when the bootstrap list fails. */
export const MAX_REMEMBERED_PEERS = 32

/** Addresses kept of each. */
export const MAX_REMEMBERED_ADDRESSES = 8

/** Without any peer: pauses between attempts to find one, each longer by half. */
export const LONELY_PAUSE_FIRST_MS = 1000
export const LONELY_PAUSE_LAST_MS = 30_000
export const LONELY_PAUSE_FACTOR = 1.5

/** Remembered peers that are dialled in one attempt. */
export const ENTRANCES_A_ROUND = 6

/** How long one of them may take. */
export const ENTRANCE_TIMEOUT_MS = 5000

/** How often connected peers are written down. */
export const REMEMBER_INTERVAL_MS = 5 * 60_000

/** How often the machine's own addresses are looked at; reading them takes about 0.1 ms. */
export const ADDRESS_POLL_MS = 500

/** How often clocks are compared. */
export const CLOCK_POLL_MS = 1000

/** The wall clock moved this much further than the monotonic one, or a timer came this much too late: we slept. */
export const CLOCK_JUMP_MS = 3000

/** Port mappings are asked for once the peer is up: searching for a gateway is nobody's first concern. */
export const PORT_MAPPING_AFTER_MS = 3000

/** Peers of the local network that we connect to because they are there. */
export const MAX_LAN_PEERS = 32
export const LAN_DIAL_TIMEOUT_MS = 5000

/** How often the local network is asked for peers. */
export const MDNS_INTERVAL_MS = 5000

/** What one peer may have our relay carry at once: circuits that it opened, and circuits that lead to it. */
export const MAX_CIRCUITS_FROM_PEER = 16
export const MAX_CIRCUITS_TO_PEER = 64

/** Reservations from one address: a household, a carrier's NAT or a container network, and no more. */
export const MAX_RESERVATIONS_AN_ADDRESS = 64

/** Circuits of one relay together. */
export const MAX_CIRCUITS = 1024

/** A reservation whose peer has gone is kept this long: it may be changing networks. */
export const RESERVATION_GRACE_MS = 60_000

/** How often connections are looked at whose peers never said who they are. */
export const IDENTIFY_AGAIN_MS = 4000

/** Peers that are dialled back at once because they asked; the others wait, as long as libp2p waits for an answer. */
export const MAX_DIAL_BACKS = 16

/** A router that lets nobody in says nothing: after three lost SYN packets nobody can be dialled there. */
export const DIAL_BACK_TIMEOUT_MS = 8000
