import { expect } from 'chai'
import { MessageSearch } from '../../../src/chat/search/message-search.ts'
import type { ChatMessage } from '../../../src/chat/api.ts'

describe('message search', () => {
  let messages: Map<string, ChatMessage>
  let reads: number
  let search: MessageSearch

  beforeEach(() => {
    messages = new Map()
    reads = 0
    search = new MessageSearch({
      async *messages() {
        reads++
        await Promise.resolve()
        yield* [...messages.values()]
      },
      message: (_, id) => Promise.resolve(messages.get(id)),
    })
  })

  afterEach(() => {
    search.stop()
  })

  function put(text: string, changes: Partial<ChatMessage> = {}): ChatMessage {
    const message: ChatMessage = {
      id: `id ${messages.size}`,
      conversation: 'bob',
      author: 'bob',
      outgoing: false,
      text,
      timestamp: messages.size,
      state: 'received',
      ...changes,
    }
    messages.set(message.id, message)
    search.changed(message)
    return message
  }

  const texts = async (query: string, options = {}): Promise<string[]> =>
    (await search.search(query, options)).map(({ message }) => message.text)

  it('finds what holds every word, as part of any word, the newest first', async () => {
    put('The ferry leaves at nine')
    put('nine lives')
    put('At nine, the ferryman said')
    expect(await texts('nine FERRY')).to.deep.equal([
      'At nine, the ferryman said',
      'The ferry leaves at nine',
    ])
    expect(await texts('nine ferry boat')).to.deep.equal([])
  })

  it('makes nothing of case, accents and width, and needs no spaces between words', async () => {
    put('Café Ångström')
    put('明天上午九点在渡口见')
    put('ＡＢＣ１２３')
    put('İstanbul')
    expect(await texts('cafe angstrom')).to.deep.equal(['Café Ångström'])
    expect(await texts('渡口')).to.deep.equal(['明天上午九点在渡口见'])
    expect(await texts('abc123')).to.deep.equal(['ＡＢＣ１２３'])
    expect(await texts('istanbul')).to.deep.equal(['İstanbul'])
  })

  it('says where in the text the words are, whatever folding did to its length', async () => {
    put('ﬃx 👍 Café, cafés')
    const [hit] = await search.search('cafe')
    const found = hit?.matches.map(([start, end]) => hit.message.text.slice(start, end))
    expect(found).to.deep.equal(['Café', 'café'])
    const [ligature] = await search.search('fi')
    expect(ligature?.matches).to.deep.equal([[0, 1]])
  })

  it('marks words that overlap once', async () => {
    put('abcabcd')
    const [hit] = await search.search('abc cab bcd')
    expect(hit?.matches).to.deep.equal([[0, 7]])
  })

  it('keeps to a conversation and to a limit', async () => {
    put('one here')
    put('one there', { conversation: 'carol' })
    put('one more')
    expect(await texts('one', { conversation: 'carol' })).to.deep.equal(['one there'])
    expect(await texts('one', { limit: 1 })).to.deep.equal(['one more'])
  })

  it('follows what comes, changes and goes, without reading everything again', async () => {
    const first = put('first words')
    expect(await texts('words')).to.deep.equal(['first words'])
    put('second words')
    put('other text', { id: first.id })
    expect(await texts('words')).to.deep.equal(['second words'])
    messages.delete('id 1')
    search.gone('id 1')
    expect(await texts('words')).to.deep.equal([])
    expect(reads).to.equal(1)
  })

  it('follows what changes while everything is being read', async () => {
    for (let index = 0; index < 1000; index++) put(`word ${index}`)
    const searching = texts('late')
    put('late word')
    expect(await searching).to.deep.equal(['late word'])
  })

  it('finds nothing that burns, was taken back, or was said by nobody', async () => {
    const burn = { ttlSeconds: 300, reads: 1, readsLeft: 1 }
    put('secret word', { outgoing: true, state: 'sent', burn })
    put('word', { deleted: true })
    put('word', { note: { code: 'identity-changed' } })
    expect(await texts('word')).to.deep.equal([])
  })

  it('finds nothing for no words', async () => {
    put('text')
    expect(await texts('   ')).to.deep.equal([])
    expect(reads).to.equal(0)
  })
})
