/** Everything a ratchet knows between two blocks, and how it is stored. docs/specs/session.md §6 */
import type { ByteReader } from '../byte-reader.ts'
import type { ByteWriter } from '../byte-writer.ts'
import type { AgreementKeyPair, AgreementPublicKey, CryptoPort } from '../port.ts'
import { HeaderKey } from './header-key.ts'
import { MAX_EARLIER_TURNS } from './limits.ts'
import { ReceivingTurn } from './receiving-turn.ts'
import { ReplayCache } from './replay-cache.ts'
import { RootKey } from './root-key.ts'
import { SECRET_BYTES } from './secret.ts'
import { SendingTurn } from './sending-turn.ts'
import { readKeyPair, readPublicKey, writeKeyPair, writePublicKey } from './stored-keys.ts'

export interface RatchetState {
  readonly id: Uint8Array
  root: RootKey
  /** The pair that the other side's next turn will agree with. */
  own: AgreementKeyPair
  theirs: AgreementPublicKey
  nextSendingHeader: HeaderKey<'sending'>
  nextReceivingHeader: HeaderKey<'receiving'>
  sending: SendingTurn | undefined
  /** True when they have begun a turn since ours: our next block begins one. */
  turnDue: boolean
  receiving: ReceivingTurn | undefined
  earlier: ReceivingTurn[]
  readonly replays: ReplayCache
}

export function wipeState(state: RatchetState): void {
  state.root.wipe()
  state.nextSendingHeader.wipe()
  state.nextReceivingHeader.wipe()
  state.sending?.wipe()
  for (const turn of [state.receiving, ...state.earlier]) turn?.wipe()
}

export async function writeState(
  crypto: CryptoPort,
  writer: ByteWriter,
  state: RatchetState,
): Promise<void> {
  writer.put(state.id.slice())
  state.root.write(writer)
  state.nextSendingHeader.write(writer)
  state.nextReceivingHeader.write(writer)
  await writeKeyPair(crypto, writer, state.own)
  writePublicKey(writer, state.theirs)
  writer.boolean(state.turnDue).boolean(state.sending !== undefined)
  state.sending?.write(writer)
  const turns = state.receiving === undefined ? [] : [state.receiving, ...state.earlier]
  writer.uint8(turns.length)
  for (const turn of turns) await turn.write(crypto, writer)
  state.replays.write(writer)
}

/** @throws RangeError | InvalidKeyError for bytes that `writeState` did not write */
export async function readState(crypto: CryptoPort, reader: ByteReader): Promise<RatchetState> {
  const id = reader.take(SECRET_BYTES)
  const root = new RootKey(reader.take(SECRET_BYTES))
  const nextSendingHeader = new HeaderKey<'sending'>(reader.take(SECRET_BYTES))
  const nextReceivingHeader = new HeaderKey<'receiving'>(reader.take(SECRET_BYTES))
  const own = await readKeyPair(crypto, reader)
  const theirs = await readPublicKey(crypto, reader)
  const turnDue = reader.boolean()
  const sending = reader.boolean() ? await SendingTurn.read(crypto, reader) : undefined
  const count = reader.uint8()
  if (count > MAX_EARLIER_TURNS + 1) throw new RangeError('too many turns')
  const earlier: ReceivingTurn[] = []
  for (let i = 0; i < count; i++) earlier.push(await ReceivingTurn.read(crypto, reader))
  const receiving = earlier.shift()
  const replays = ReplayCache.read(reader)
  const keys = { root, own, theirs, nextSendingHeader, nextReceivingHeader }
  return { id, ...keys, sending, turnDue, receiving, earlier, replays }
}
