import { useEventListener } from '@vueuse/core'
import { onBeforeUnmount, ref, type Ref } from 'vue'
import { createQrReader, type QrReader } from '../core/qr-reader.ts'

/** Why there is no picture is a key of `scan.*` too. */
export type CameraState =
  'off' | 'starting' | 'scanning' | 'refused' | 'absent' | 'in-use' | 'failed'

/** Often enough to feel immediate, seldom enough to leave a phone cool. */
const LOOK_MS = 120

/**
 * Looks for a QR code through the camera, shown in `video`, or in a picture from a file. `accept` is handed the text of
 * each code that comes into view and says whether it was what was looked for: then the camera goes off.
 */
export function useCameraScan(
  video: Readonly<Ref<HTMLVideoElement | null>>,
  accept: (text: string) => Promise<boolean>,
) {
  const state = ref<CameraState>('off')
  let stream: MediaStream | undefined
  let reader: Promise<QrReader> | undefined
  /** Raised by whatever ends a run, so that an earlier one notices. */
  let run = 0

  async function start(): Promise<void> {
    stop()
    const own = ++run
    state.value = 'starting'
    try {
      const opened = await openCamera()
      if (own !== run || video.value === null) {
        release(opened)
        return
      }
      stream = opened
      video.value.srcObject = opened
      await video.value.play()
      if (own !== run) return
      state.value = 'scanning'
      await look(own)
    } catch (err) {
      if (own !== run) return
      stop()
      state.value = whyNot(err)
    }
  }

  async function look(own: number): Promise<void> {
    let last = ''
    const found = await theReader()
    while (own === run && video.value !== null) {
      const text = await found.read(video.value)
      // the same code stays in view for a while; it is asked about once
      if (own === run && text !== undefined && text !== last) {
        last = text
        if (await accept(text)) stop()
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    }
  }

  /** Resolves with false when there is no code in the picture, or the file is none. */
  async function readFile(file: Blob): Promise<boolean> {
    let picture: ImageBitmap
    try {
      picture = await createImageBitmap(file)
    } catch {
      return false
    }
    try {
      const text = await (await theReader()).read(picture)
      if (text === undefined) return false
      if (await accept(text)) stop()
      return true
    } finally {
      picture.close()
    }
  }

  function stop(): void {
    run++
    state.value = 'off'
    release(stream)
    stream = undefined
    if (video.value !== null) video.value.srcObject = null
  }

  function theReader(): Promise<QrReader> {
    reader ??= createQrReader()
    return reader
  }

  // A camera that nobody looks through is off.
  useEventListener(document, 'visibilitychange', () => {
    if (document.hidden && state.value !== 'off') stop()
  })
  onBeforeUnmount(stop)

  return { state, start, stop, readFile }
}

function openCamera(): Promise<MediaStream> {
  // Missing where the page is not secure, whatever the types say.
  const { mediaDevices } = navigator as { mediaDevices?: MediaDevices }
  if (mediaDevices === undefined) {
    return Promise.reject(new DOMException('no media devices', 'NotFoundError'))
  }
  return mediaDevices.getUserMedia({ audio: false, video: { facingMode: 'environment' } })
}

function release(stream: MediaStream | undefined): void {
  for (const track of stream?.getTracks() ?? []) track.stop()
}

/** https://w3c.github.io/mediacapture-main/#dom-mediadevices-getusermedia */
function whyNot(err: unknown): CameraState {
  switch (err instanceof Error ? err.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'refused'
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'absent'
    case 'NotReadableError':
    case 'AbortError':
      return 'in-use'
    default:
      return 'failed'
  }
}
