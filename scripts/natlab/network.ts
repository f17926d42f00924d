import { ip } from './command.ts'
import { removeNamespaces } from './leftovers.ts'
import { Namespace } from './namespace.ts'
import type { End, HostPlan, Plan } from './plan.ts'

/** A plan made real: namespaces with nothing but each other to talk to. */
export class Network {
  readonly #namespaces = new Map<string, Namespace>()
  readonly #prefix: string

  private constructor(prefix: string) {
    this.#prefix = prefix
  }

  /** `prefix` begins the namespaces' names. @throws CommandError */
  static async build(plan: Plan, prefix: string): Promise<Network> {
    const network = new Network(prefix)
    try {
      for (const host of plan.hosts) await network.#addHost(host)
      for (const [one, other] of plan.links) await network.#addLink(one, other)
      for (const host of plan.hosts) await network.#finish(host)
      return network
    } catch (err) {
      network.remove()
      throw err
    }
  }

  get names(): string[] {
    return [...this.#namespaces.keys()]
  }

  host(name: string): Namespace {
    const namespace = this.#namespaces.get(name)
    if (namespace === undefined) throw new RangeError(`there is no host '${name}' in this network`)
    return namespace
  }

  /** Ends what still runs in it. */
  remove(): void {
    removeNamespaces([...this.#namespaces.values()].map(({ name }) => name))
  }

  async #addHost({ name, forwards, bridge }: HostPlan): Promise<void> {
    const namespace = await Namespace.create(`${this.#prefix}${name}`, forwards === true)
    this.#namespaces.set(name, namespace)
    if (bridge === undefined) return
    await namespace.ip('link', 'add', 'br0', 'type', 'bridge')
    await namespace.ip('address', 'add', bridge, 'dev', 'br0')
    await namespace.ip('link', 'set', 'br0', 'up')
  }

  async #addLink(one: End, other: End): Promise<void> {
    const there = this.host(other.host).name
    await ip(
      ...['link', 'add', one.interface, 'netns', this.host(one.host).name, 'type', 'veth'],
      ...['peer', 'name', other.interface, 'netns', there],
    )
    for (const end of [one, other]) await this.#addEnd(end)
  }

  async #addEnd({ host, interface: device, address }: End): Promise<void> {
    const namespace = this.host(host)
    // Real wires carry packets: dropping one of the large ones that the kernel hands about would be a burst lost.
    await namespace.ip('link', 'set', device, 'gso_max_segs', '1')
    if (address === undefined) await namespace.ip('link', 'set', device, 'master', 'br0')
    else await namespace.ip('address', 'add', address, 'dev', device)
    await namespace.ip('link', 'set', device, 'up')
  }

  async #finish({ name, gateway, rules, device }: HostPlan): Promise<void> {
    const namespace = this.host(name)
    if (gateway !== undefined) await namespace.ip('route', 'add', 'default', 'via', gateway)
    if (rules !== undefined) await namespace.nft(rules)
    if (device !== undefined) await namespace.startGatewayDevice(device)
  }
}
