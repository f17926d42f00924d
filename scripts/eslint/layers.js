/** Packages and globals that a layer does not know. Directions between our own folders: import-direction.js. */

const nodeBuiltins = { regex: '^node:', message: 'This layer runs in browsers too: no node:*.' }
const vue = { regex: '^(@?vue|pinia|@vueuse)([/-]|$)', message: 'Only src/ui-web knows Vue.' }
const anyLibp2p = {
  regex: '^(libp2p|@libp2p|@chainsafe)(/|$)',
  message: 'This layer does not know libp2p.',
}
const composition = {
  regex:
    '^(libp2p|@chainsafe/.+|@libp2p/(tcp|websockets|webrtc|circuit-relay-v2|bootstrap|mdns|dcutr|upnp-nat|autonat))$',
  message: 'What a peer is made of is decided in src/node.',
}
const services = [
  {
    regex: '^@libp2p/(kad-dht|identify|ping)$',
    allowTypeImports: true,
    message: 'Services come in as components: import their types only.',
  },
  {
    regex: '^@libp2p/gossipsub$',
    allowTypeImports: true,
    // The three answers a topic validator may give.
    allowImportNames: ['TopicValidatorResult'],
    message: 'Services come in as components: import their types only.',
  },
]
const databases = {
  regex: '^(level|classic-level|datastore-.+|fastify|@fastify/.+|pino.*)$',
  message: 'This belongs to src/node.',
}

const forbid = (...patterns) => ({
  '@typescript-eslint/no-restricted-imports': ['error', { patterns }],
})
const neutralGlobals = {
  'no-restricted-globals': [
    'error',
    ...['process', 'Buffer', 'window', 'document', 'localStorage', 'setImmediate', 'require'].map(
      (name) => ({ name, message: 'This layer runs in Node.js and in browsers alike.' }),
    ),
  ],
}
// src/crypto is told the time; it never asks.
const noClock = {
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: 'Time is a parameter here.' },
    { object: 'performance', property: 'now', message: 'Time is a parameter here.' },
    { object: 'Math', property: 'random', message: 'Randomness is a parameter here.' },
  ],
}

export const layers = [
  {
    files: ['src/crypto/**/*.ts'],
    rules: { ...forbid(nodeBuiltins, vue, anyLibp2p, databases), ...neutralGlobals, ...noClock },
  },
  {
    files: ['src/chat/**/*.ts'],
    rules: { ...forbid(nodeBuiltins, vue, composition, ...services, databases), ...neutralGlobals },
  },
  { files: ['src/node/**/*.ts'], rules: forbid(vue) },
  { files: ['src/node/browser/**/*.ts'], rules: forbid(vue, nodeBuiltins) },
  {
    files: ['src/ui-web/**/*.{ts,vue}'],
    rules: forbid(nodeBuiltins, anyLibp2p, databases),
  },
]
