// Reads a stream of events as a browser does (HTML Standard, 9.2.6), and keeps what it was told.
import assert from 'node:assert/strict'
import http from 'node:http'
import { another } from './harness.mjs'

function dispatch(client, block) {
  let type = 'message', data = ''
  for (const line of block.split('\n')) {
    const [, field, value] = /^([^:]*):? ?(.*)$/.exec(line)
    if (line.startsWith(':')) client.comments++
    else if (field === 'id') client.last = value
    else if (field === 'event') type = value
    else if (field === 'data') data += value
  }
  if (!data) return
  const event = JSON.parse(data)
  client.times.push(performance.now())
  if (type !== 'case') return client.other.push([type, event])
  client.ids.set(event, client.last)
  client.cases.push(event)
}

/** Listens once the stream is open. `patient`: undefined instead of a failure where it is refused. */
export function listen(server, path, { token, last, from = another(), patient = false, secret } = {}) {
  const headers = { 'X-Forwarded-For': from, Accept: 'text/event-stream' }
  if (token) headers.Authorization = `Bearer ${token}`
  if (secret) headers['Case-Token'] = secret
  if (last) headers['Last-Event-ID'] = last
  const client = { cases: [], other: [], times: [], ids: new Map(), comments: 0, last: undefined }
  return new Promise((done, fail) => {
    const request = http.request({ host: '127.0.0.1', port: server.port, path, headers, agent: false }, (response) => {
      if (response.statusCode !== 200) {
        response.resume()
        if (patient) return done(undefined)
        return fail(new Error(`${path}: ${response.statusCode}`))
      }
      let text = ''
      client.headers = response.headers
      client.end = () => request.destroy()
      client.closed = new Promise((end) => response.on('close', end))
      response.setEncoding('utf8')
      response.on('error', () => {})
      response.on('data', (chunk) => {
        text += chunk
        const blocks = text.split('\n\n')
        text = blocks.pop()
        for (const block of blocks) dispatch(client, block)
        if (client.last !== undefined) done(client)
      })
    })
    request.on('error', (error) => (client.headers ? undefined : fail(error)))
    request.end()
    assert.ok(path.startsWith('/v1/events'))
  })
}
