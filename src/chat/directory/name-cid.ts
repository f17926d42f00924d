import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { sha256 } from 'multiformats/hashes/sha2'
import { normaliseName } from './names.ts'

/** The DHT key of a name: a CID over `sotto/name/1` and the normalised name. docs/specs/directory.md §2.1 */
export async function nameCid(name: string): Promise<CID> {
  const bytes = new TextEncoder().encode(`sotto/name/1\0${normaliseName(name)}`)
  return CID.createV1(raw.code, await sha256.digest(bytes))
}
