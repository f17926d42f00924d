import path from 'node:path'
import { createLogger } from '../log/create-logger.ts'
import { openLogFile } from '../log/log-file.ts'
import { logRefusals } from '../log/log-refusals.ts'
import { startNodePeer } from '../node-peer.ts'
import { colourAllowed, runTerminal } from '../terminal/terminal.ts'
import { PageEntrances } from './entrance/page-entrances.ts'
import { findLocalNode } from './find-local-node.ts'
import { CHAT_LISTEN } from './listen-addresses.ts'
import { folderPassphrase } from './passphrases.ts'
import { registerAtStart } from './register-at-start.ts'
import type { FolderOptions } from './passphrases.ts'
import type { Program } from './program.ts'
import type { Config } from '../config/config.ts'
import type { LogFile } from '../log/log-file.ts'

/** `sotto chat`: a peer with a person at it. Resolves with the exit code once they left. */
export async function runChat(
  config: Config,
  program: Program,
  signal: AbortSignal,
): Promise<number> {
  await using running = new AsyncDisposableStack()
  const { dataDir, announce, mdns } = config
  const entrances = new PageEntrances(config.bootstrapPages)
  const given = [...config.bootstrap, ...(await entrances.firstAnswers())]
  const isTold = given.length > 0 || config.bootstrapPages.length > 0
  const bootstrap = isTold ? given : await findLocalNode(config.port)
  const folder: FolderOptions = {
    dataDir,
    passphrases: folderPassphrase(config, program, signal),
  }
  const peer = await startNodePeer({
    ...folder,
    listen: config.listen ?? CHAT_LISTEN,
    announce,
    bootstrap,
    mdns,
    networkKeyFile: config.networkKeyFile,
    strangers: config.strangers,
    chainLimits: config.chainLimits,
    ...(config.upnp ? {} : { portMapping: false }),
    mailbox: config.mailbox,
    anonymous: config.anonymous,
  })
  running.defer(() => peer.stop())

  // The screen is for the conversation; the folder is there now that the peer is.
  const logFile = dataDir === undefined ? undefined : path.join(dataDir, 'chat.log')
  const target = logFile === undefined ? NOWHERE : openLogFile(logFile)
  running.defer(() => {
    target.close()
  })
  const log = createLogger(config.logLevel, target)
  log.info({ bootstrap: bootstrap.length }, 'terminal client started')
  running.defer(logRefusals(peer.chat, log))
  running.defer(entrances.keepAsking(peer.libp2p, log))
  await registerAtStart(peer.chat, config.name, log, signal)

  const { stdin, stdout } = program
  return await runTerminal(peer.chat, {
    input: stdin,
    output: stdout,
    interactive: stdin.isTTY === true && stdout.isTTY === true,
    colour: colourAllowed(program.env, stdout),
    signal,
    ...(logFile === undefined ? {} : { logFile }),
    ...(config.open === undefined ? {} : { open: config.open }),
  })
}

/** With --memory nothing is written, not even a log. */
const NOWHERE: LogFile = { write: () => true, close: () => undefined }
