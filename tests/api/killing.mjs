// What tests share that kill the server: chance that can be repeated, a server that is not waited for, and the database looked at from beside.
import { execFileSync, spawn } from 'node:child_process'
import { join } from 'node:path'
import { program, root } from './harness.mjs'

export const seed = Number(process.env.SEED ?? process.env.TEST_SEED ?? Date.now() % 1000000)

/** Numbers from 0 to 1 that follow from a seed (xorshift32, Marsaglia 2003). */
export function numbers(from) {
  let x = (from * 2654435761) | 1
  return () => {
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    return (x >>> 0) / 2 ** 32
  }
}

export const rows = (made, text) => JSON.parse(execFileSync('sqlite3', ['-readonly', '-json', join(made.data, 'yizhan.db'), text], { maxBuffer: 1 << 28 }).toString().trim() || '[]')

/** The program, without waiting until it is ready: who sends finds that out. `running` has it until it ends. */
export function launch(made, running) {
  const child = spawn(program, ['serve', '--data', made.data, '--share', join(root, 'data'), '--listen', '127.0.0.1:0',
    '--behind-proxy', '--writes-per-minute', '1000000', '--requests-per-minute', '1000000', '--log-level', 'error'], { stdio: ['ignore', 'pipe', 'pipe'] })
  const server = { child, made, log: '' }
  child.stderr.on('data', (text) => (server.log += text))
  server.exited = new Promise((done) => child.on('exit', (code, signal) => done(signal ?? code)))
  server.listens = new Promise((done) => child.stdout.on('data', (text) => {
    const found = /listening on (\S+)/.exec(text)
    if (found) done((server.port = Number(new URL(found[1]).port)))
  }))
  running.add(server)
  server.exited.then(() => running.delete(server))
  return server
}

/** Whether a request that was cut by a kill failed as such do. */
export const wasCut = (error) => ['ECONNRESET', 'ECONNREFUSED', 'EPIPE'].includes(error.code) || error.message === 'aborted'
