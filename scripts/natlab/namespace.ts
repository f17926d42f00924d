import { ip, runIn } from './command.ts'

/** One network namespace: a machine of the laboratory. */
export class Namespace {
  readonly name: string

  private constructor(name: string) {
    this.name = name
  }

  /** With its loopback up. IPv6 is off: what would be tested of it is NAT, which it does without. */
  static async create(name: string, forwards: boolean): Promise<Namespace> {
    await ip('netns', 'add', name)
    const namespace = new Namespace(name)
    await ip('-n', name, 'link', 'set', 'lo', 'up')
    const settings = [
      'net/ipv6/conf/all/disable_ipv6',
      ...(forwards ? ['net/ipv4/ip_forward'] : []),
    ]
    await runIn(name, ['sh', '-c', settings.map((key) => `echo 1 >/proc/sys/${key}`).join(';')])
    return namespace
  }

  /** `ip …` here. @throws CommandError */
  ip(...args: string[]): Promise<string> {
    return ip('-n', this.name, ...args)
  }

  /** Loads a rule set. @throws CommandError */
  async nft(rules: string): Promise<void> {
    await runIn(this.name, ['nft', '-f', '-'], rules)
  }

  /** Opens ports for whoever asks, until the namespace is removed. @throws CommandError */
  async startGatewayDevice(configuration: string): Promise<void> {
    // It opens a file, which Node's end of a pipe is not, and goes into the background by itself. The number that it would
    // write down is where another one would find it, and where it removes whatever there is: it gets no place for it.
    const start = 'cat | miniupnpd -f /dev/stdin -P /proc/none >/dev/null 2>&1'
    await runIn(this.name, ['sh', '-c', start], configuration)
  }

  /** The command line that runs `command` here. */
  command(command: readonly string[]): string[] {
    return ['ip', 'netns', 'exec', this.name, ...command]
  }
}
