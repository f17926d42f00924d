/** The thread that owns the file; requests are done one after the other. */

export interface FileRequest {
  readonly request: number
  readonly name: string
  readonly work:
    | { readonly kind: 'read' }
    | { readonly kind: 'overwrite'; readonly offset: number; readonly bytes: Uint8Array }
    | { readonly kind: 'close' }
}

export type FileAnswer =
  | { readonly request: number; readonly bytes: Uint8Array }
  | { readonly request: number; readonly error: string }

/** The part of the handle's interface that is used; TypeScript's DOM library leaves it to its one for workers. */
interface SyncAccessHandle {
  getSize(): number
  read(buffer: Uint8Array, options: { at: number }): number
  write(buffer: Uint8Array, options: { at: number }): number
  flush(): void
  close(): void
}

interface SyncFile {
  createSyncAccessHandle(): Promise<SyncAccessHandle>
}

let handle: Promise<SyncAccessHandle> | undefined
let last: Promise<unknown> = Promise.resolve()

addEventListener('message', ({ data }: MessageEvent<FileRequest>) => {
  last = last.then(() => answer(data))
})

async function answer({ request, name, work }: FileRequest): Promise<void> {
  try {
    postMessage({ request, bytes: await run(name, work) } satisfies FileAnswer)
  } catch (err) {
    const error = err instanceof Error ? err.name : 'Error'
    postMessage({ request, error } satisfies FileAnswer)
  }
}

async function run(name: string, work: FileRequest['work']): Promise<Uint8Array> {
  if (work.kind === 'close' && handle === undefined) return new Uint8Array()
  handle ??= open(name)
  const file = await handle
  switch (work.kind) {
    case 'read': {
      const bytes = new Uint8Array(file.getSize())
      file.read(bytes, { at: 0 })
      return bytes
    }
    case 'overwrite':
      file.write(work.bytes, { at: work.offset })
      file.flush()
      return new Uint8Array()
    case 'close':
      file.close()
      return new Uint8Array()
  }
}

async function open(name: string): Promise<SyncAccessHandle> {
  const folder = await navigator.storage.getDirectory()
  const file: unknown = await folder.getFileHandle(name, { create: true })
  return (file as SyncFile).createSyncAccessHandle()
}
