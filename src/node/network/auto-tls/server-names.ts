import { createSecureContext, type SecureContext } from 'node:tls'
import type { TLSCertificate } from '@libp2p/interface'

type Callback = (err: Error | null, context?: SecureContext) => void

/** Which of two certificates a visitor is shown, by the name that they ask for: the files', or the one that was fetched. */
export class ServerNames {
  readonly #files: SecureContext
  readonly #domain: string
  #fetched: SecureContext | undefined

  /** Below `domain` are the names of certificates that were fetched. */
  constructor(files: { readonly cert: Buffer; readonly key: Buffer }, domain: string) {
    this.#files = createSecureContext(files)
    this.#domain = domain
  }

  fetched({ key, cert }: TLSCertificate): void {
    this.#fetched = createSecureContext({ key, cert })
  }

  /** For Node.js's own TLS server. */
  readonly choose = (name: string, callback: Callback): void => {
    const isFetched = this.#fetched !== undefined && name.endsWith(`.${this.#domain}`)
    callback(null, isFetched ? this.#fetched : this.#files)
  }
}
