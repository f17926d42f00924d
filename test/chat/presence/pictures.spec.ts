import { expect } from 'chai'
import { toHex } from '../../../src/crypto/bytes.ts'
import { toBase64 } from '../../../src/chat/mailbox/base64.ts'
import { createMessageId } from '../../../src/chat/message/message-id.ts'
import { MAX_PICTURES_SENT } from '../../../src/chat/presence/constants.ts'
import { Pictures } from '../../../src/chat/presence/pictures.ts'
import { MemoryStore } from '../../../src/chat/store/memory-store.ts'
import { RecordStore } from '../../../src/chat/store/record-store.ts'
import { Vault } from '../../../src/crypto/vault.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { webpPicture } from '../../fixtures/pictures.ts'
import { rejection } from '../support/rejection.ts'
import type { PictureContent } from '../../../src/chat/message/presence-contents.ts'

const BOB = 'b0b'

describe('pictures of contacts', () => {
  const bytes = webpPicture(256)
  const hash = toHex(nodeCrypto.sha256(bytes))
  let records: RecordStore
  let named: string | undefined
  let changes: string[]
  let pictures: Pictures

  beforeEach(async () => {
    records = new RecordStore(new MemoryStore(), new Vault(nodeCrypto, new Uint8Array(32)))
    named = hash
    changes = []
    pictures = await opened()
  })

  async function opened(): Promise<Pictures> {
    const made = new Pictures({
      crypto: nodeCrypto,
      records,
      now: () => 0,
      named: () => named,
      onChange: (fingerprint) => changes.push(fingerprint),
    })
    await made.load()
    return made
  }

  function content(data: string, picture = hash): PictureContent {
    const id = createMessageId(0, (length) => nodeCrypto.randomBytes(length))
    return { type: 'picture', id, timestamp: 0, picture, data }
  }

  it('are asked for once they are named, kept, and shown', async () => {
    expect(await pictures.missing(BOB)).to.equal(hash)
    await pictures.take(BOB, content(toBase64(bytes)))
    expect(await pictures.missing(BOB)).to.equal(undefined)
    const picture = { type: 'image/webp', bytes }
    expect(await pictures.get(BOB)).to.deep.equal(picture)
    expect(await (await opened()).get(BOB)).to.deep.equal(picture)
    expect(changes).to.deep.equal([BOB])
  })

  it('are forgotten when they are not gone by any more', async () => {
    await pictures.take(BOB, content(toBase64(bytes)))
    named = undefined
    expect(await pictures.get(BOB)).to.equal(undefined)
    expect(await pictures.missing(BOB)).to.equal(undefined)
    named = hash
    expect(await (await opened()).get(BOB)).to.equal(undefined)
  })

  it('are not shown while a profile names another one', async () => {
    await pictures.take(BOB, content(toBase64(bytes)))
    named = 'ff'.repeat(32)
    expect(await pictures.get(BOB)).to.equal(undefined)
    expect(await pictures.missing(BOB)).to.equal(named)
  })

  it('are passed over when nobody asked for them', async () => {
    named = undefined
    await pictures.take(BOB, content('not even base64'))
    expect(changes).to.deep.equal([])
  })

  it('are refused when they are not what was named', async () => {
    const other = content(toBase64(webpPicture(64)))
    expect(await rejection(() => pictures.take(BOB, other))).to.equal('MalformedMessageError')
    const text = content('~~~')
    expect(await rejection(() => pictures.take(BOB, text))).to.equal('MalformedMessageError')
  })

  it('are refused when nobody would show them, whatever was named', async () => {
    const svg = new TextEncoder().encode('<svg onload="x()"/>')
    named = toHex(nodeCrypto.sha256(svg))
    const sent = content(toBase64(svg), named)
    expect(await rejection(() => pictures.take(BOB, sent))).to.equal('MalformedMessageError')
    expect(await pictures.get(BOB)).to.equal(undefined)
  })

  it('of ours go to one contact a few times, and not for ever', () => {
    const given = Array.from({ length: MAX_PICTURES_SENT + 1 }, () => pictures.mayHave(BOB))
    expect(given.filter(Boolean)).to.have.length(MAX_PICTURES_SENT)
    expect(pictures.mayHave('carol')).to.equal(true)
  })
})
