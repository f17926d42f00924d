/** Reads the text of a QR code out of a picture: by the browser where it can, else by a decoder that is loaded then. */
export interface QrReader {
  /** The text of the code in the picture, undefined where none is to be seen. */
  read(picture: Picture): Promise<string | undefined>
}

export type Picture = HTMLVideoElement | ImageBitmap

/** As much of the Shape Detection API as is used; https://wicg.github.io/shape-detection-api/#barcode-detection-api */
interface Detector {
  detect(picture: ImageBitmapSource): Promise<readonly { readonly rawValue: string }[]>
}
interface DetectorClass {
  new (options: { formats: readonly string[] }): Detector
  getSupportedFormats(): Promise<readonly string[]>
}

/** Enough to resolve the modules of a code that fills a third of the picture, and done within a frame or two. */
const MAX_SIDE = 1024
/** What a decoder may spend on a picture that does not give its code away at once. */
const DECODE_MS = 60

export async function createQrReader(): Promise<QrReader> {
  return (await platformReader()) ?? (await libraryReader())
}

async function platformReader(): Promise<QrReader | undefined> {
  const { BarcodeDetector } = globalThis as { BarcodeDetector?: DetectorClass }
  const formats = await BarcodeDetector?.getSupportedFormats().catch((): string[] => [])
  if (BarcodeDetector === undefined || formats?.includes('qr_code') !== true) return undefined
  const detector = new BarcodeDetector({ formats: ['qr_code'] })
  return {
    async read(picture) {
      const [code] = await detector.detect(picture)
      return code?.rawValue
    },
  }
}

async function libraryReader(): Promise<QrReader> {
  const { decodeQR } = await import('qr/decode.js')
  const canvas = document.createElement('canvas')
  const context = canvas.getContext('2d', { willReadFrequently: true })
  return {
    read(picture) {
      const { width, height } = sizeOf(picture)
      if (context === null || width === 0 || height === 0) return Promise.resolve(undefined)
      const scale = Math.min(1, MAX_SIDE / Math.max(width, height))
      canvas.width = Math.round(width * scale)
      canvas.height = Math.round(height * scale)
      context.drawImage(picture, 0, 0, canvas.width, canvas.height)
      const image = context.getImageData(0, 0, canvas.width, canvas.height)
      try {
        return Promise.resolve(decodeQR(image, { timeLimit: DECODE_MS }))
      } catch {
        // no code in this picture, which is what most pictures of a camera are
        return Promise.resolve(undefined)
      }
    },
  }
}

function sizeOf(picture: Picture): { width: number; height: number } {
  return 'videoWidth' in picture
    ? { width: picture.videoWidth, height: picture.videoHeight }
    : picture
}
