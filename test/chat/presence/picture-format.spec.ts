import { expect } from 'chai'
import fc from 'fast-check'
import { MAX_PICTURE_BYTES, MAX_PICTURE_PIXELS } from '../../../src/chat/presence/constants.ts'
import { inspectPicture } from '../../../src/chat/presence/picture-format.ts'
import { extendedWebp, jpegPicture, lossyWebp, webpPicture } from '../../fixtures/pictures.ts'
import { rejection } from '../support/rejection.ts'

describe('what a picture is', () => {
  it('is told from its own bytes', () => {
    expect(inspectPicture(webpPicture(256))).to.equal('image/webp')
    expect(inspectPicture(lossyWebp(256))).to.equal('image/webp')
    expect(inspectPicture(extendedWebp(256, false))).to.equal('image/webp')
    expect(inspectPicture(jpegPicture(256))).to.equal('image/jpeg')
    expect(inspectPicture(webpPicture(MAX_PICTURE_PIXELS))).to.equal('image/webp')
  })

  const svg = new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>')
  const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
  const refused: Record<string, Uint8Array> = {
    'another kind of file': svg,
    'another kind of picture': png,
    nothing: new Uint8Array(0),
    'one that is not square': webpPicture(256, 128),
    'one that is large': webpPicture(MAX_PICTURE_PIXELS + 1),
    'a large JPEG': jpegPicture(4000),
    'one that moves': extendedWebp(256, true),
    'one that is cut off': webpPicture(256).subarray(0, 20),
    'a JPEG without a frame header': jpegPicture(256).subarray(0, 8),
    'more bytes than a picture has': new Uint8Array(MAX_PICTURE_BYTES + 1),
  }
  for (const [what, bytes] of Object.entries(refused)) {
    it(`is not ${what}`, async () => {
      expect(await rejection(() => inspectPicture(bytes))).to.equal('InvalidPictureError')
    })
  }

  it('refuses whatever else there is by name', () => {
    const headers = [webpPicture(256), lossyWebp(9), extendedWebp(9, false), jpegPicture(9)]
    const bytes = fc
      .tuple(fc.constantFrom(...headers), fc.nat(30), fc.uint8Array({ maxLength: 40 }))
      .map(([header, length, rest]) => Uint8Array.of(...header.subarray(0, length), ...rest))
    fc.assert(
      fc.property(bytes, (each) => {
        try {
          return inspectPicture(each).startsWith('image/')
        } catch (err) {
          return err instanceof Error && err.name === 'InvalidPictureError'
        }
      }),
    )
  })
})
