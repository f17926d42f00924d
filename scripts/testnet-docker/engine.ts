/** Docker and compose by their commands: whatever is installed, and wherever DOCKER_HOST says. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

/** There is nothing here to run containers with. */
export class NoEngineError extends Error {
  override readonly name = 'NoEngineError'
}

/** A command of Docker's failed; the message ends with what it said. */
export class DockerError extends Error {
  override readonly name = 'DockerError'
}

export interface Container {
  readonly id: string
  readonly name: string
  readonly service: string
}

export interface Usage {
  readonly name: string
  readonly memoryBytes: number
}

const PLUGIN = 'docker compose'
const STANDALONE = 'docker-compose'
/** Of a command's error output, what fits into an error message. */
const SHOWN_CHARACTERS = 2000

export class Engine {
  /** `docker compose 2.40.3`, `docker-compose 1.29.2`. */
  readonly compose: string
  /** Of the engine. */
  readonly version: string
  /** `docker compose` or `docker-compose`. */
  readonly command: string
  readonly #env: NodeJS.ProcessEnv
  readonly #project: string

  private constructor(
    command: string,
    versions: { readonly compose: string; readonly engine: string },
    project: string,
    env: NodeJS.ProcessEnv,
  ) {
    this.compose = `${command} ${versions.compose}`
    this.version = versions.engine
    this.command = command
    this.#env = env
    this.#project = project
  }

  /**
   * The plug-in where it is installed, or else docker-compose; or the one that `wanted` names.
   * @throws NoEngineError
   */
  static async find(
    project: string,
    env: NodeJS.ProcessEnv,
    wanted: string | undefined,
  ): Promise<Engine> {
    const ask = (...words: string[]): Promise<string | undefined> =>
      run(words, env).catch(() => undefined)
    const engine = await ask('docker', 'version', '--format', '{{.Server.Version}}')
    if (engine === undefined) {
      throw new NoEngineError(
        'no Docker engine answers: install Docker and start it, or set DOCKER_HOST',
      )
    }
    for (const command of wanted === undefined ? [PLUGIN, STANDALONE] : [wanted]) {
      const compose = await ask(...command.split(' '), 'version', '--short')
      if (compose !== undefined) return new Engine(command, { compose, engine }, project, env)
    }
    throw new NoEngineError(`there is no ${wanted ?? `${PLUGIN} and no ${STANDALONE}`} here`)
  }

  /** Runs compose on the project. @throws DockerError */
  composed(...args: string[]): Promise<string> {
    return run([...this.command.split(' '), '--project-name', this.#project, ...args], this.#env)
  }

  /** @throws DockerError */
  docker(...args: string[]): Promise<string> {
    return run(['docker', ...args], this.#env)
  }

  /** The project's containers, also those that do not run. */
  async containers(): Promise<Container[]> {
    const label = 'com.docker.compose'
    const filter = `label=${label}.project=${this.#project}`
    const format = `{{.ID}}\t{{.Names}}\t{{.Label "${label}.service"}}`
    const rows = await this.docker('ps', '--all', '--filter', filter, '--format', format)
    return lines(rows)
      .map((row) => row.split('\t'))
      .map(([id = '', name = '', service = '']) => ({ id, name, service }))
      .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
  }

  /** `healthy`, `starting`, `unhealthy`; or what the container does, where it does not run: `exited`. */
  async health(containers: readonly Container[]): Promise<string[]> {
    const format =
      '{{if eq .State.Status "running"}}{{.State.Health.Status}}{{else}}{{.State.Status}}{{end}}'
    const ids = containers.map(({ id }) => id)
    return lines(await this.docker('inspect', '--format', format, ...ids))
  }

  async usage(containers: readonly Container[]): Promise<Usage[]> {
    const ids = containers.map(({ id }) => id)
    const format = '{{.Name}}\t{{.MemUsage}}'
    const rows = lines(await this.docker('stats', '--no-stream', '--format', format, ...ids))
    return rows.map((row) => {
      const [name = '', memory = ''] = row.split('\t')
      return { name, memoryBytes: parseSize(memory.split(' / ')[0] ?? '') }
    })
  }

  async imageBytes(image: string): Promise<number> {
    return Number(await this.docker('image', 'inspect', '--format', '{{.Size}}', image))
  }

  /** A container's own keyboard and screen: its standard input and output. `start`: start it first, and miss nothing. */
  attach({ id }: Container, start: boolean) {
    const how = start ? ['start', '--attach', '--interactive'] : ['attach', '--sig-proxy=false']
    return spawn('docker', [...how, id], { env: this.#env, stdio: ['pipe', 'pipe', 'ignore'] })
  }
}

/** `52.7MiB` in bytes. */
export function parseSize(size: string): number {
  const [, number = '', prefix = '', binary = ''] = /^([\d.]+)([kKMG]?)(i?)B$/u.exec(size) ?? []
  const power = ['', 'k', 'm', 'g'].indexOf(prefix.toLowerCase())
  return Number(number) * (binary === '' ? 1000 : 1024) ** power
}

async function run(
  [command = '', ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'close') as Promise<[number | null]>
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    ended,
  ])
  if (code === 0) return stdout.trim()
  const said = (stderr.trim() === '' ? stdout : stderr).trim().slice(-SHOWN_CHARACTERS)
  throw new DockerError(`${command} ${args.join(' ')} failed (${String(code)}): ${said}`)
}

function lines(output: string): string[] {
  return output.split('\n').filter((line) => line !== '')
}
