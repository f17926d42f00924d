import { defaultLogger } from '@libp2p/logger'
import { AbstractStream, type SendResult } from '@libp2p/utils'
import type { Uint8ArrayList } from 'uint8arraylist'

/** A libp2p stream with no network behind it: `onData` is what arrives, `sent` what left. */
export class ManualStream extends AbstractStream {
  readonly sent: Uint8Array[] = []
  readonly calls: string[] = []
  /** False makes every `send` say that the transport is full, until `drained`. */
  hasRoom = true

  constructor() {
    super({ id: '1', log: defaultLogger().forComponent('sotto:test'), direction: 'outbound' })
  }

  drained(): void {
    this.hasRoom = true
    this.onMuxerDrain()
  }

  sendData(data: Uint8ArrayList): SendResult {
    this.sent.push(data.slice())
    return { sentBytes: data.byteLength, canSendMore: this.hasRoom }
  }

  sendReset(): void {
    this.calls.push('reset')
  }

  sendPause(): void {
    this.calls.push('pause')
  }

  sendResume(): void {
    this.calls.push('resume')
  }

  sendCloseWrite(): Promise<void> {
    this.calls.push('closeWrite')
    return Promise.resolve()
  }

  sendCloseRead(): Promise<void> {
    this.calls.push('closeRead')
    return Promise.resolve()
  }
}
