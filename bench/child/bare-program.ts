/** What `sotto node` is held against: the least program that listens over libp2p, and says where. */
import { RawEcho } from './raw-echo.ts'

const echo = await RawEcho.start()
process.once('SIGTERM', () => process.exit(0))
process.stdout.write(`addresses    ${echo.address}\n`)
