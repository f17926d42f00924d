import { expect } from 'chai'
import { findLocalNode } from '../../../src/node/cli/find-local-node.ts'

const ID = '12D3KooWQMD1FmrqwWW5FHc2Jb1Dsenfdd11nVHMZbLito9cTVKG'

const answering =
  (body: string, status = 200): typeof fetch =>
  async () =>
    new Response(body, { status })

describe('finding a node on this machine', () => {
  it('gives its addresses', async () => {
    const asked: unknown[] = []
    const request: typeof fetch = async (url) => {
      asked.push(url)
      return Response.json({ peerId: ID, multiaddrs: [`/ip4/127.0.0.1/tcp/5002/ws/p2p/${ID}`] })
    }
    expect(await findLocalNode(6000, request)).to.deep.equal([
      `/ip4/127.0.0.1/tcp/5002/ws/p2p/${ID}`,
    ])
    expect(asked).to.deep.equal(['http://127.0.0.1:6000/api/network'])
  })

  it('gives none for another program, a starting node or nobody', async () => {
    const answers = [
      answering('<html>'),
      answering('null'),
      answering('{"multiaddrs":7}'),
      answering('{"multiaddrs":[7]}'),
      answering('{}', 503),
      () => Promise.reject(new TypeError('fetch failed')),
    ]
    for (const request of answers) expect(await findLocalNode(6000, request)).to.deep.equal([])
  })

  it('asks nobody when the port is any', async () => {
    const request = () => Promise.reject(new Error('asked'))
    expect(await findLocalNode(0, request)).to.deep.equal([])
  })
})
