/** What strangers say below the chat: records for the DHT, STUN datagrams, the answer of a node's page, what is pasted. */
import { signProfile } from '../../src/chat/directory/profile-record.ts'
import { createValidators, profileKey, selectors } from '../../src/chat/directory/records.ts'
import { PROFILE_NAMESPACE } from '../../src/chat/directory/constants.ts'
import { parseQuery } from '../../src/chat/people/reach.ts'
import { roomOf } from '../../src/chat/rooms/room-names.ts'
import { askNode } from '../../src/node/cli/entrance/ask-node.ts'
import {
  bindingRequest,
  bindingResponse,
  readBindingRequest,
  readBindingResponse,
} from '../../src/node/network/stun/message.ts'
import { parseNetworkInfo } from '../../src/ui-web/core/network-info.ts'
import { nodeCrypto } from '../../src/node/crypto/node-crypto.ts'
import { utf8 } from '../../src/crypto/bytes.ts'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { mutateJson, mutateText } from './mutate.ts'
import type { Target } from './target.ts'
import { credulous, NOW_MS, type World } from './world.ts'

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const json = (value: unknown): Uint8Array => utf8(JSON.stringify(value))

export async function networkTargets({ crypto, alice }: World): Promise<Target[]> {
  const peerId = peerIdFromPrivateKey(alice.peerKey).toString()
  const address = `/ip4/192.0.2.1/tcp/4001/p2p/${peerId}`
  const said = { name: 'Alice', sequence: 3, multiaddrs: [multiaddr(address)] }
  const profile = await signProfile(crypto, alice, said, NOW_MS)
  const validate = createValidators(credulous(nodeCrypto), () => NOW_MS)[PROFILE_NAMESPACE]
  const select = selectors[PROFILE_NAMESPACE]
  const transactionId = new Uint8Array(12).fill(4)
  const asked = bindingRequest(transactionId)
  const answers = ['192.0.2.7', '2001:db8::7'].flatMap((host) =>
    [false, true].map((hasFingerprint) =>
      bindingResponse({ transactionId, hasFingerprint }, { host, port: 4242 }),
    ),
  )
  const told = { peerId, multiaddrs: [address.replace('tcp/4001', 'tcp/4002/ws'), address] }
  return [
    {
      name: 'records for the dht',
      weight: 10,
      seeds: [profile],
      named: ['IdentityError', 'InvalidProfileError'],
      parse: async (bytes) => {
        await select?.(profileKey(alice.fingerprint), [profile, bytes])
        await validate?.(profileKey(alice.fingerprint), bytes)
      },
    },
    {
      name: 'stun requests',
      weight: 100,
      seeds: [asked],
      named: [],
      parse: (bytes) => {
        const request = readBindingRequest(bytes)
        if (request !== undefined) bindingResponse(request, { host: '::ffff:192.0.2.1', port: 1 })
      },
    },
    {
      name: 'stun answers',
      weight: 100,
      seeds: answers,
      named: [],
      parse: (bytes) => readBindingResponse(bytes, transactionId),
    },
    {
      name: 'a page’s answer',
      weight: 10,
      seeds: [json({ ...told, tcpMultiaddrs: [address] })],
      named: ['EntranceError'],
      mutate: mutateJson,
      parse: (bytes) =>
        askNode('https://node.example', new AbortController().signal, () =>
          Promise.resolve(new Response(new Uint8Array(bytes))),
        ),
    },
    {
      name: 'a page’s answer to itself',
      weight: 60,
      seeds: [json(told)],
      // of what it is told it reads two fields; that it was JSON is the browser's to say
      named: ['TypeError', 'SyntaxError'],
      mutate: mutateJson,
      parse: (bytes) => parseNetworkInfo(JSON.parse(textOf(bytes))),
    },
    {
      name: 'what is looked for',
      weight: 20,
      seeds: [address, peerId, alice.fingerprint, `sotto:${peerId}`, 'Alice'].map(utf8),
      named: [],
      mutate: mutateText,
      parse: (bytes) => parseQuery(textOf(bytes)),
    },
    {
      name: 'topics',
      weight: 60,
      seeds: [utf8('/sotto/room/1.0.0/garden')],
      named: [],
      mutate: mutateText,
      parse: (bytes) => roomOf(textOf(bytes)),
    },
  ]
}
