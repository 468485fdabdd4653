// How soon an edit shows while the server is asked as fast as it answers:
//   edit.mjs URL NAME PASSWORD COUNT
// Edits places by PUT, one after the other, and asks for each until it shows the new name. Prints JSON:
// milliseconds from the moment when the edit is acknowledged, and from when it was sent.
import { Agent, request } from 'node:http'

const [url, name, password, count] = process.argv.slice(2)
const agent = new Agent({ keepAlive: true, maxSockets: 1 })

function ask(method, path, { token, json } = {}) {
  const body = json && JSON.stringify(json)
  const headers = { ...(token && { Authorization: `Bearer ${token}` }), ...(body && { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }) }
  return new Promise((resolve, reject) => {
    const asked = request(url + path, { method, agent, headers }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (part) => (text += part))
      answer.on('end', () => {
        if (answer.statusCode >= 300) reject(new Error(`${method} ${path}: ${answer.statusCode} ${text}`))
        else resolve(JSON.parse(text))
      })
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

const { token } = await ask('POST', '/v1/sessions', { json: { name, password } })
const after = [], whole = []
for (let i = 1; i <= Number(count); i++) {
  const place = await ask('GET', `/v1/places/${i * 1000}`)
  const fresh = `改名${i}`
  const sent = performance.now()
  await ask('PUT', `/v1/places/${place.id}`, { token, json: { version: place.version, name: fresh } })
  const told = performance.now()
  while ((await ask('GET', `/v1/places/${place.id}`)).name !== fresh);
  after.push(performance.now() - told)
  whole.push(performance.now() - sent)
  await new Promise((done) => setTimeout(done, 250))
}
agent.destroy()
const figures = (list) => {
  const sorted = [...list].sort((a, b) => a - b)
  return { median_ms: +sorted[sorted.length >> 1].toFixed(1), most_ms: +sorted.at(-1).toFixed(1) }
}
console.log(JSON.stringify({ edits: after.length, from_acknowledgement: figures(after), from_sending: figures(whole) }))
