/** Every measurement there is, in the order of the table. A new figure is a file here and a line below. */
import { chatConnect } from './chat-connect.ts'
import { chatRtt } from './chat-rtt.ts'
import { chatThroughput } from './chat-throughput.ts'
import { deliveryDrain, deliveryRtt, deliveryThroughput, deliveryWireBytes } from './delivery.ts'
import { directory } from './directory.ts'
import { mailbox } from './mailbox.ts'
import { nodeCrowded } from './node-crowded.ts'
import { nodeIdleBytes } from './node-idle-bytes.ts'
import { nodeReachable } from './node-reachable.ts'
import { nodeRss } from './node-rss.ts'
import { nodeStart } from './node-start.ts'
import { nodeThousand } from './node-thousand.ts'
import { search } from './search.ts'
import { sessionChromium } from './session-chromium.ts'
import { sessionNode } from './session-node.ts'
import type { Measurement } from '../figure.ts'

export const measurements: readonly Measurement[] = [
  chatConnect,
  chatRtt,
  chatThroughput,
  nodeStart,
  nodeRss,
  nodeReachable,
  nodeCrowded,
  nodeThousand,
  nodeIdleBytes,
  sessionNode,
  sessionChromium,
  deliveryRtt,
  deliveryThroughput,
  deliveryDrain,
  deliveryWireBytes,
  search,
  directory,
  mailbox,
]
