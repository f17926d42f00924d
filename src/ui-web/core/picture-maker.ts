/** Longest side, in pixels: the first that fits is taken. */
const SIDES = [256, 192, 128, 96] as const
const QUALITIES = [0.85, 0.7, 0.55, 0.4] as const
/** What contacts take. */
const MAX_BYTES = 16_384
/** Safari makes no WebP, and gives PNG instead. */
const TYPES = ['image/webp', 'image/jpeg'] as const

/** The user chose a file that the browser cannot show. */
export class NotAPictureError extends Error {
  override name = 'NotAPictureError'
}

/**
 * A small square of the middle of a picture, drawn anew: nothing of the file's own bytes is in it, no place where it
 * was taken, no camera's name. @throws NotAPictureError
 */
export async function makePicture(file: Blob): Promise<Uint8Array<ArrayBuffer>> {
  const bitmap = await createImageBitmap(file).catch((err: unknown) => {
    throw new NotAPictureError('the browser cannot show this', { cause: err })
  })
  try {
    for (const side of SIDES) {
      const canvas = drawSquare(bitmap, side)
      for (const quality of QUALITIES) {
        const blob = await encode(canvas, quality)
        if (blob.size <= MAX_BYTES) return new Uint8Array(await blob.arrayBuffer())
      }
    }
  } finally {
    bitmap.close()
  }
  throw new NotAPictureError('it does not get small enough')
}

function drawSquare(bitmap: ImageBitmap, side: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  canvas.width = side
  canvas.height = side
  const context = canvas.getContext('2d')
  if (context === null) throw new NotAPictureError('there is no canvas')
  const edge = Math.min(bitmap.width, bitmap.height)
  const [left, top] = [(bitmap.width - edge) / 2, (bitmap.height - edge) / 2]
  context.imageSmoothingQuality = 'high'
  // JPEG knows no transparency
  context.fillStyle = '#fff'
  context.fillRect(0, 0, side, side)
  context.drawImage(bitmap, left, top, edge, edge, 0, 0, side, side)
  return canvas
}

async function encode(canvas: HTMLCanvasElement, quality: number): Promise<Blob> {
  for (const type of TYPES) {
    const blob = await new Promise<Blob | null>((resolve) => {
      canvas.toBlob(resolve, type, quality)
    })
    if (blob?.type === type) return blob
  }
  throw new NotAPictureError('the browser makes no small pictures')
}
