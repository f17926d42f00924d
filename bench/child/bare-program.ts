/** What `sotto node` is held against: the least program that listens over libp2p, and says where. */
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@libp2p/yamux'
import { RawEcho } from './raw-echo.ts'

const echo = await RawEcho.start({ connectionEncrypters: [noise()], streamMuxers: [yamux()] })
process.once('SIGTERM', () => process.exit(0))
process.stdout.write(`addresses    ${echo.address}\n`)
