import { expect } from 'chai'
import fc from 'fast-check'
import {
  bindingRequest,
  bindingResponse,
  MAX_REQUEST_BYTES,
  readBindingRequest,
  readBindingResponse,
} from '../../../../src/node/network/stun/message.ts'
import vectors from '../../../vectors/stun-rfc5769.json' with { type: 'json' }

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'))
const TRANSACTION = bytes(vectors.transactionId)

describe('STUN messages', () => {
  it("read the RFC's sample request, its fingerprint checked", () => {
    const request = readBindingRequest(bytes(vectors.request))
    expect(request).to.deep.equal({ transactionId: TRANSACTION, hasFingerprint: true })
  })

  for (const { name, response, host, port } of vectors.responses) {
    it(`read the mapped address of the RFC's sample ${name} response`, () => {
      expect(readBindingResponse(bytes(response), TRANSACTION)).to.deep.equal({ host, port })
    })

    it(`write the mapped address of ${name} as the RFC does`, () => {
      const own = bindingResponse(
        { transactionId: TRANSACTION, hasFingerprint: true },
        { host, port },
      )
      const attribute = /(0020(?:0008|0014)000[12].*?)0008/u.exec(response)?.[1] ?? ''
      expect(Buffer.from(own).toString('hex')).to.contain(attribute)
      expect(readBindingResponse(own, TRANSACTION)).to.deep.equal({ host, port })
    })
  }

  it('answer with at most 1.6 times what was asked, or 2.2 times over IPv6', () => {
    const asked = readBindingRequest(bindingRequest(TRANSACTION))!
    expect(bindingResponse(asked, { host: '192.0.2.1', port: 1 })).to.have.lengthOf(32)
    expect(bindingResponse(asked, { host: '2001:db8::1', port: 1 })).to.have.lengthOf(44)
  })

  it('take an answer for this question only', () => {
    const request = readBindingRequest(bindingRequest(TRANSACTION))!
    const response = bindingResponse(request, { host: '192.0.2.1', port: 32853 })
    expect(readBindingResponse(response, new Uint8Array(12))).to.equal(undefined)
  })

  it('refuse a request whose fingerprint does not hold, or is not last', () => {
    const request = bytes(vectors.request)
    for (const at of [21, request.length - 1]) {
      const altered = request.slice()
      altered[at]! ^= 1
      expect(readBindingRequest(altered)).to.equal(undefined)
    }
  })

  it('refuse answers, other methods, other lengths, other cookies and what is too long', () => {
    const plain = bindingRequest(TRANSACTION)
    const altered = (at: number, value: number): Uint8Array => {
      const copy = plain.slice()
      copy[at] = value
      return copy
    }
    const long = new Uint8Array(MAX_REQUEST_BYTES + 4)
    long.set(plain)
    new DataView(long.buffer).setUint16(2, long.length - 20)
    for (const wrong of [altered(0, 1), altered(1, 3), altered(3, 4), altered(4, 0), long]) {
      expect(readBindingRequest(wrong)).to.equal(undefined)
    }
  })

  it('are read from any bytes without harm', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (body) => {
        const datagram = bindingRequest(TRANSACTION)
        const whole = new Uint8Array([...datagram, ...body])
        new DataView(whole.buffer).setUint16(2, body.length)
        readBindingRequest(whole)
        whole[0] = 1
        whole[1] = 1
        readBindingResponse(whole, TRANSACTION)
      }),
    )
  })
})
