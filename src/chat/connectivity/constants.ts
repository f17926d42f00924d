/** docs/connectivity.md */

/** Between two addresses of one kind that are dialled for one person: RFC 8305 §5 recommends 100 to 250 ms. */
export const ATTEMPT_STAGGER_MS = 150

/**
 * Where a machine took our connection, the next address waits this long for what it says: its program, or ours, is busy,
 * and one handshake more makes it busier. Each word of theirs begins the wait anew.
 */
export const ANSWERED_MS = 3000

/**
 * A head start that ends this much too late shows a program that is behind with its work. The next way then waits for so
 * many times as long, up to the last: a handshake takes about five turns of each side.
 */
export const LATE_START_MS = 50
export const LATE_START_FACTOR = 5
export const LATE_START_LAST_MS = 4000

/** Head start of a connection that is open already before new ones are dialled. */
export const OPEN_HEAD_START_MS = 400

/** A connection on which a chat did not come about in this time, while another way worked, is dead. */
export const SILENT_AFTER_MS = 2000

/** A connection that lost a race is closed after this, unless the other side talks on it by then. */
export const UNUSED_CONNECTION_MS = 5000

/** With no more peers than these each one more is a chance to reach everybody: the network is back, or begins to be one. */
export const FEW_PEERS = 4

/** After somebody new is connected, those whom that may concern are tried again: they, or who is behind them as a relay. */
export const CHANCE_AFTER_MS = 300

/** Where one such chance follows another they are taken ever more seldom: each begins every dial anew. */
export const CHANCE_PAUSE_FIRST_MS = 500
export const CHANCE_PAUSE_LAST_MS = 8000

/** Head start of direct addresses before circuits: one round trip round the world, and a little. */
export const DIRECT_HEAD_START_MS = 350

/** When nobody answered at the known addresses by then, the directory is asked for newer ones. */
export const LOOKUP_AFTER_MS = 1500

/** The directory is asked for one person again after this, doubling to the last for as long as they cannot be reached. */
export const LOOKUP_PAUSE_FIRST_MS = 15_000
export const LOOKUP_PAUSE_LAST_MS = 2 * 60_000

/** Persons of whom it is remembered when the directory was asked last. */
export const MAX_PACED_LOOKUPS = 1000

/** Nodes that a link names are asked after this, where there is a network already to ask; at once where there is none. */
export const ENTRANCE_AFTER_MS = 1000

/** Until the machine at one address answers: longer than three lost SYN packets, shorter than a user's patience. */
export const DIAL_TIMEOUT_MS = 8000

/** All addresses of a person together. */
export const CONNECT_TIMEOUT_MS = 30_000

/** Addresses of one person that are dialled at once; what a profile or a frame may add is bounded by it. */
export const MAX_ADDRESSES_DIALLED = 12

/** Relays of ours that are tried for somebody whose own are not known. */
export const MAX_SHARED_RELAYS = 3

/** Dials under way for everybody together; more wait. */
export const MAX_DIALS = 48

/**
 * Of these, handshakes: each costs either side about 30 ms of processor time. At first, at most and at least at once; what
 * took so long is quick, or slow and halves them.
 */
export const DIAL_WINDOW_FIRST = 8
export const DIAL_WINDOW_LAST = 24
export const DIAL_WINDOW_LEAST = 2
export const QUICK_DIAL_MS = 1000
export const SLOW_DIAL_MS = 4000

/** A dial that no machine took for so long is likely taken by none, and holds up no other. */
export const LONELY_DIAL_MS = 250

/**
 * From a relayed path to a better one: the first attempt, and pauses between attempts, each longer by half. On a line that
 * loses a fifth of its packets one attempt in two comes to something.
 */
export const UPGRADE_FIRST_MS = 300
export const UPGRADE_PAUSE_FIRST_MS = 2000
export const UPGRADE_PAUSE_FACTOR = 1.5
export const UPGRADE_PAUSE_LAST_MS = 10 * 60_000

/** Both sides know each other's relay; the one with the larger peer id leaves the first WebRTC offer to the other. */
export const WEBRTC_SECOND_MS = 3000

/** WebRTC may need several rounds of candidates over a slow relay. */
export const WEBRTC_TIMEOUT_MS = 12_000

/** Direct addresses are tried alone before an offer goes out. */
export const WEBRTC_HEAD_START_MS = 600

/** Channels that came up within this of each other came up at once: both sides settle on the same one. */
export const SIMULTANEOUS_MS = 5000

/** A lesser path stays open below a better one for this long: the better one has to prove itself. */
export const STANDBY_MS = 60_000

/** A path that was up is brought up again for this long although nothing waits. */
export const STAY_CONNECTED_MS = 10 * 60_000
