import { X509Certificate } from 'node:crypto'
import path from 'node:path'
import { isBlockedPort } from '../http/blocked-ports.ts'
import { startPageServer } from '../http/page-server.ts'
import { createLogger } from '../log/create-logger.ts'
import { logRefusals } from '../log/log-refusals.ts'
import { startNodePeer } from '../node-peer.ts'
import { banner } from './banner.ts'
import { PageEntrances } from './entrance/page-entrances.ts'
import { defaultNodeListen } from './listen-addresses.ts'
import { folderPassphrase } from './passphrases.ts'
import { registerAtStart } from './register-at-start.ts'
import type { FolderOptions } from './passphrases.ts'
import type { Program } from './program.ts'
import type { SelfSource } from '../http/api.ts'
import type { AutoTlsOptions } from '../network/auto-tls/auto-tls.ts'
import type { PageServer } from '../http/page-server.ts'
import type { Config } from '../config/config.ts'
import type { Logger } from '../log/create-logger.ts'

/** `sotto node`: a peer that stays up until the signal. Resolves with the exit code. */
export async function runNode(
  config: Config,
  program: Program,
  signal: AbortSignal,
): Promise<number> {
  const log = createLogger(config.logLevel, program.stderr)
  await using running = new AsyncDisposableStack()
  let self: SelfSource = () => undefined

  // The page first: a port in use is told before a peer is up, and what it serves can load meanwhile.
  const page = await startPage(config, program.root, log, () => self())
  if (page !== undefined) running.defer(() => page.stop())

  const passphrases = folderPassphrase(config, program, signal)
  const entrances = new PageEntrances(config.bootstrapPages)
  const bootstrap = [...config.bootstrap, ...(await entrances.firstAnswers())]
  const folder: FolderOptions = { dataDir: config.dataDir, passphrases }
  const peer = await startPeer({ ...config, bootstrap }, log, folder)
  running.defer(() => peer.stop())
  running.defer(entrances.keepAsking(peer.libp2p, log))
  const { chat } = peer
  self = () => chat.self
  running.defer(logRefusals(chat, log))
  await registerAtStart(chat, config.name, log, signal)

  program.stdout.write(banner(chat.self, page?.url))
  log.debug({ startMs: Math.round(performance.now()) }, 'up')
  await aborted(signal)
  log.info('stopping')
  return 0
}

async function startPage(
  { page, port }: Config,
  root: string,
  log: Logger,
  self: SelfSource,
): Promise<PageServer | undefined> {
  if (page === undefined) return undefined
  if (isBlockedPort(port)) {
    log.warn({ port }, 'browsers open no page at this port: choose another with --port')
  }
  return startPageServer({ ...page, port, folder: path.join(root, 'dist', 'ui-web'), self, log })
}

async function startPeer(
  config: Config,
  log: Logger,
  folder: FolderOptions,
): ReturnType<typeof startNodePeer> {
  const { announce, bootstrap, mdns, tls, networkKeyFile, strangers, chainLimits } = config
  const listen =
    config.listen ??
    (await defaultNodeListen({
      tls: tls !== undefined,
      onTaken: (port) => {
        log.info({ port }, 'port is taken: listening on another one')
      },
    }))
  return startNodePeer({
    ...folder,
    ...{ listen, announce, bootstrap, mdns, tls, networkKeyFile, strangers, chainLimits },
    ...(config.autoTls ? { autoTls: toldBy(log) } : {}),
    ...(config.upnp ? {} : { portMapping: false }),
    mailbox: config.mailbox,
    anonymous: config.anonymous,
  })
}

function toldBy(log: Logger): AutoTlsOptions {
  return {
    onCertificate: ({ cert }) => {
      log.info({ until: new X509Certificate(cert).validTo }, 'certificate for WebSockets is in use')
    },
    onTrouble: (err) => {
      log.warn({ err }, 'no certificate for WebSockets yet')
    },
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => {
      resolve()
    })
  })
}
