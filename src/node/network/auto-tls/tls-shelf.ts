import { privateKeyFromProtobuf, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import type { RecordStore } from '../../../chat/store/record-store.ts'
import type { PrivateKey } from '@libp2p/interface'
import type { Key } from 'interface-datastore'

/** As libp2p's keychain and datastore say it. */
class NotFoundError extends Error {
  override name = 'NotFoundError'
}

/**
 * Where the account's key, the certificate's and the certificate are: among the node's own records, sealed as they are.
 * It stands for libp2p's keychain, which wants a password of its own, and for its datastore, where nothing is sealed.
 */
export class TlsShelf {
  readonly #records: Pick<RecordStore, 'get' | 'put'>

  constructor(records: Pick<RecordStore, 'get' | 'put'>) {
    this.#records = records
  }

  async exportKey(name: string): Promise<PrivateKey> {
    return privateKeyFromProtobuf(await this.#get(`key/${name}`))
  }

  async importKey(name: string, key: PrivateKey): Promise<void> {
    await this.#put(`key/${name}`, privateKeyToProtobuf(key))
  }

  get(key: Key): Promise<Uint8Array> {
    return this.#get(`value${key.toString()}`)
  }

  async put(key: Key, value: Uint8Array): Promise<void> {
    await this.#put(`value${key.toString()}`, value)
  }

  async #get(path: string): Promise<Uint8Array> {
    const text = await this.#records.get<string>(`auto-tls/${path}`)
    if (text === undefined) throw new NotFoundError(`there is no ${path}`)
    return Buffer.from(text, 'base64')
  }

  async #put(path: string, value: Uint8Array): Promise<void> {
    await this.#records.put(`auto-tls/${path}`, Buffer.from(value).toString('base64'))
  }
}
