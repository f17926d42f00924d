import { StartupError } from './startup-error.ts'

const PROBE_DATABASE = 'sotto-probe'

/**
 * Checks what the peer cannot do without, so that a person reads one sentence instead of a stack trace.
 * @throws StartupError 'insecure' | 'unsupported' | 'storage'
 */
export async function checkEnvironment(
  scope: Window & typeof globalThis = window,
  { isKept = true } = {},
): Promise<void> {
  // Browsers hand out `crypto.subtle` and Web Locks on https and localhost only.
  if (!scope.isSecureContext) throw new StartupError('insecure', 'not a secure context')
  if (!('subtle' in scope.crypto) || !('locks' in scope.navigator) || !('indexedDB' in scope)) {
    throw new StartupError('unsupported', 'WebCrypto, Web Locks or IndexedDB is missing')
  }
  if (isKept) await probeStorage(scope)
}

async function probeStorage(scope: Window & typeof globalThis): Promise<void> {
  try {
    scope.sessionStorage.setItem(PROBE_DATABASE, '1')
    scope.sessionStorage.removeItem(PROBE_DATABASE)
    await openAndDelete(scope.indexedDB)
  } catch (err) {
    throw new StartupError('storage', 'the browser keeps nothing for this page', { cause: err })
  }
}

function openAndDelete(factory: IDBFactory): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = factory.open(PROBE_DATABASE)
    request.onerror = () => {
      reject(request.error ?? new Error('IndexedDB refused'))
    }
    request.onsuccess = () => {
      request.result.close()
      factory.deleteDatabase(PROBE_DATABASE)
      resolve()
    }
  })
}
