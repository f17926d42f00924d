import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'

const PROGRAM = fileURLToPath(new URL('fixtures/pty-program.ts', import.meta.url))

/** util-linux's `script` gives a process a real pseudo-terminal; elsewhere it takes other options or is missing. */
const hasScript = String(spawnSync('script', ['--version']).stdout).includes('util-linux')

describe('the terminal on a real pseudo-terminal', () => {
  it('prompts, talks in colour, and leaves the terminal as it was', async function () {
    if (!hasScript) this.skip()
    const command = `${process.execPath} --import=tsx ${PROGRAM}; stty -a | tr ';' '\\n'`
    const child = spawn('script', ['-qfec', command, '/dev/null'], {
      env: { ...process.env, NO_COLOR: '', TERM: 'xterm-256color' },
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    let seen = ''
    const waiting: { text: string; resolve: () => void }[] = []
    child.stdout.on('data', (chunk: Buffer) => {
      seen += chunk.toString()
      for (const { text, resolve } of waiting) if (seen.includes(text)) resolve()
    })
    const until = (text: string): Promise<void> =>
      new Promise((resolve) => {
        if (seen.includes(text)) resolve()
        else waiting.push({ text, resolve })
      })

    await until('sotto> ')
    child.stdin.write('/open b0bb0bb0\r')
    await until('bob> ')
    child.stdin.write('hello\r')
    await until('echo hello')
    await until('delivered')
    child.stdin.write('\x04')
    await until('left')
    await once(child, 'exit')

    expect(seen).to.match(/\p{Cc}\[32m✓ delivered/u)
    // Out of raw mode again: the shell that comes after echoes what is typed and reads whole lines.
    expect(seen)
      .to.match(/(?<!-)icanon/u)
      .and.match(/[^-]echo /u)
  })
})
