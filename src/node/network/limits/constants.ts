/** docs/decisions/connection-limits.md */

/** Sockets and circuits that others opened to us, all together: about 300 kB each once somebody is connected. */
export const MAX_INBOUND = 1200

/** Of one IPv4 address, of one IPv6 /64, or over one relay: a household, an office, a carrier's NAT. */
export const MAX_INBOUND_A_HOST = 256

/** Those whose handshake is not done. */
export const MAX_PENDING = 128
export const MAX_PENDING_A_HOST = 32

/** A handshake under way is not given up for another one before it had this long: an honest one is done by then. */
export const PENDING_GRACE_MS = 1000

/**
 * From the first packet to a connection that can be used: a dozen round trips on a line that loses a fifth, or a dozen turns
 * of a machine that is busy past its means. Whoever stays silent for as long holds a place that is taken away when places run out.
 */
export const HANDSHAKE_TIMEOUT_MS = 20_000

/** New ones of one host: at once, and a second after that. A handshake costs about 30 ms of processor time. */
export const HOST_BURST = 128
export const HOST_PER_SECOND = 8

/** New ones of everybody; above that only of hosts that have been quiet. */
export const ALL_BURST = 512
export const ALL_PER_SECOND = 64

/** Hosts whose rate is known at once; the one that was quiet the longest is forgotten. */
export const MAX_HOSTS = 8192

/** One peer's own: each of its addresses, and circuits over several relays, may win a race at once. */
export const MAX_CONNECTIONS_A_PEER = 16

/** What libp2p prunes at: what we accept, and what we dialled. */
export const MAX_CONNECTIONS = MAX_INBOUND + 400

/** Streams that one connection may have others open to us; 64 of them are circuits. */
export const MAX_INBOUND_STREAMS = 256

/** Streams that one connection opens: at once, and a second after that. */
export const STREAM_BURST = 512
export const STREAMS_PER_SECOND = 64

/** yamux pings of one connection, which are answered each: js-libp2p sends one in 30 s. */
export const PING_BURST = 32
export const PINGS_PER_SECOND = 2

/**
 * What a stream may have on its way to us, unread: 10 MB a second and stream round the world. libp2p's is 16 MiB. No yamux
 * data frame, which the muxer keeps until it is whole, is larger: js-libp2p fills the window with one.
 */
export const MAX_STREAM_WINDOW_BYTES = 1024 * 1024

/** What waits to be sent to somebody who goes on asking and does not read. Streams stop long before. */
export const MAX_UNREAD_BYTES = 16 * 1024 * 1024

/** One WebSocket message, which `ws` keeps until it is whole; a whole Noise packet has 64 KiB. */
export const MAX_WEBSOCKET_MESSAGE_BYTES = 256 * 1024

/** A question to the DHT, or an answer: twenty peers with their addresses are 20 to 100 KiB. */
export const MAX_DHT_MESSAGE_BYTES = 256 * 1024

/** What is said to a relay, or by one, before the circuit runs: some addresses and a signature. */
export const MAX_RELAY_MESSAGE_BYTES = 32 * 1024
