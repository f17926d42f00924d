/** What asks for certificates, and all that it brings along: apart, since a node without `--auto-tls` reads none of it. */
import { autoTLS } from '@ipshipyard/libp2p-auto-tls'
import { http } from '@libp2p/http'
import type { AutoTLSComponents, AutoTLSInit } from '@ipshipyard/libp2p-auto-tls'
import type { Startable } from '@libp2p/interface'

export type ProviderComponents = Omit<AutoTLSComponents, 'http'> &
  Parameters<ReturnType<typeof http>>[0]
export type { AutoTLSInit as ProviderInit } from '@ipshipyard/libp2p-auto-tls'

/**
 * HTTP is for asking alone: it is never started, and takes no requests of others. What proves the peer id to the broker
 * looks for it among the components that HTTP itself was given.
 */
export function createProvider(components: ProviderComponents, init: AutoTLSInit): Startable {
  const parts = { ...components }
  return autoTLS(init)(Object.assign(parts, { http: http()(parts) })) as Startable
}
