/** `npm run dev:mock`: the whole page on a fake core, with nothing on the network. */
import type { Backend } from '../core/backend.ts'
import { StartupError } from '../core/startup-error.ts'
import { MockProfile } from './mock-profile.ts'
import { pause, setMockPace } from './pause.ts'
import { failureOf, paceOf } from './scene.ts'

const NETWORK_MS = 300

export function mockBackend(): Backend {
  setMockPace(paceOf(location.search))
  return {
    async networkInfo() {
      await pause(NETWORK_MS)
      const failure = failureOf(location.search)
      if (failure !== undefined) throw new StartupError(failure, 'MockError: as asked for')
      return { peerId: '12D3KooWMockNode', multiaddrs: ['/ip4/127.0.0.1/tcp/5002/ws'] }
    },
    profile() {
      return new MockProfile()
    },
    anonymous() {
      return new MockProfile()
    },
  }
}
