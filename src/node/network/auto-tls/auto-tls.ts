import { TypedEventEmitter } from 'main-event'
import { TlsShelf } from './tls-shelf.ts'
import type { NetworkComponents } from '../components.ts'
import type { RecordStore } from '../../../chat/store/record-store.ts'
import type { NamedAddresses } from './named-addresses.ts'
import type { createProvider, ProviderComponents, ProviderInit } from './provider.ts'
import type {
  ComponentLogger,
  Libp2pEvents,
  Logger,
  NodeInfo,
  PrivateKey,
  Startable,
  TLSCertificate,
} from '@libp2p/interface'

/** The zone of the broker, below which each peer has names of its own. */
export const AUTO_TLS_DOMAIN = 'libp2p.direct'

export interface AutoTlsOptions {
  /** One was fetched, or found where it is kept, and is in use. */
  readonly onCertificate?: (certificate: TLSCertificate) => void
  /** It did not work this time; it goes on trying. */
  readonly onTrouble?: (err: unknown) => void
  /** For tests: another broker, other times. */
  readonly provider?: ProviderInit
}

export interface AutoTlsInit extends AutoTlsOptions {
  readonly create: typeof createProvider
  readonly records: Pick<RecordStore, 'get' | 'put'>
  readonly named: Pick<NamedAddresses, 'watch'>
}

export type AutoTlsComponents = NetworkComponents & {
  readonly privateKey: PrivateKey
  readonly nodeInfo: NodeInfo
}

/**
 * Fetches a certificate for the node's public address from a public authority, by way of a broker that answers for the
 * name, and renews it. docs/decisions/auto-tls.md
 *
 * It stands between libp2p and the package that asks. That package announces each renewal as if it were the first
 * certificate, and a WebSocket listener that has one passes over another: what follows the first is a renewal here. It
 * tells its troubles to a log for developers; here whoever runs the node hears of them.
 */
export class AutoTls implements Startable {
  readonly #events: AutoTlsComponents['events']
  readonly #own = new TypedEventEmitter<Libp2pEvents>()
  readonly #provider: Startable
  readonly #init: AutoTlsInit
  #hasCertificate = false

  constructor(components: AutoTlsComponents, init: AutoTlsInit) {
    const shelf = new TlsShelf(init.records)
    this.#events = components.events
    this.#init = init
    const parts = {
      ...pick(components),
      addressManager: init.named.watch(components.addressManager),
      events: this.#own,
      keychain: shelf,
      datastore: shelf,
      logger: telling(components.logger, (err) => init.onTrouble?.(err)),
    }
    // of keychain and datastore it uses what the shelf has
    this.#provider = init.create(parts as unknown as ProviderComponents, {
      forgeDomain: AUTO_TLS_DOMAIN,
      // no NAT stands before an address that the machine itself has; where one does, the broker finds out
      autoConfirmAddress: true,
      ...init.provider,
    })
    this.#own.addEventListener('certificate:provision', this.#onCertificate)
    this.#own.addEventListener('certificate:renew', this.#onCertificate)
  }

  async start(): Promise<void> {
    this.#events.addEventListener('self:peer:update', this.#onAddresses)
    await this.#provider.start()
  }

  async afterStart(): Promise<void> {
    await this.#provider.afterStart?.()
    // addresses that were there from the beginning
    this.#own.safeDispatchEvent('self:peer:update')
  }

  async stop(): Promise<void> {
    this.#events.removeEventListener('self:peer:update', this.#onAddresses)
    await this.#provider.stop()
  }

  readonly #onAddresses = ({ detail }: Libp2pEvents['self:peer:update']): void => {
    this.#own.safeDispatchEvent('self:peer:update', { detail })
  }

  readonly #onCertificate = ({ detail }: CustomEvent<TLSCertificate>): void => {
    const type = this.#hasCertificate ? 'certificate:renew' : 'certificate:provision'
    this.#hasCertificate = true
    this.#events.safeDispatchEvent(type, { detail })
    this.#init.onCertificate?.(detail)
  }
}

function pick(components: AutoTlsComponents) {
  const { privateKey, peerId, nodeInfo, connectionManager, registrar } = components
  return { privateKey, peerId, nodeInfo, connectionManager, registrar }
}

/** A log whose errors are also told to somebody. */
function telling(logger: ComponentLogger, onError: (err: unknown) => void): ComponentLogger {
  const wrap = (log: Logger): Logger => {
    const error: Logger['error'] = (format: string, ...args: unknown[]) => {
      log.error(format, ...args)
      onError(args.find((arg) => arg instanceof Error) ?? new Error(format))
    }
    const own = (format: string, ...args: unknown[]): void => {
      log(format, ...args)
    }
    return Object.assign(own, {
      error,
      trace: (format: string, ...args: unknown[]) => {
        log.trace(format, ...args)
      },
      enabled: log.enabled,
      newScope: (name: string) => wrap(log.newScope(name)),
    }) as Logger
  }
  return { forComponent: (name) => wrap(logger.forComponent(name)) }
}
