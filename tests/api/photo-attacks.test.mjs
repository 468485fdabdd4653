// Pictures and forms made to hurt: each is refused with a clear problem, memory stays bounded, and nothing stays on the disk.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import net from 'node:net'
import { join } from 'node:path'
import test from 'node:test'
import { another, ask, at, b, get, multipart, png, raw, refused, report, serve, signIn, sleep } from './harness.mjs'
import { jpeg, low, u16, u32 } from './pictures.mjs'
import { deflate } from './png.mjs'

// ---- the bytes ---------------------------------------------------------------------------------

/** GIF89a with so many frames of the whole screen, each some bytes of LZW that says one colour for ever. */
function gifBomb(width, height, frames) {
  const frame = b(Buffer.from([0x21, 0xf9, 4, 0, 1, 0, 0, 0, 0x2c, 0, 0, 0, 0]), low(width), low(height),
    Buffer.from([0, 2, 4, 0x84, 0x8f, 0xa9, 0xcb, 0]))
  return b('GIF89a', low(width), low(height), Buffer.from([0x80, 0, 0, 0, 0, 0, 255, 255, 255]), ...Array(frames).fill(frame), ';')
}

/** A HEIC file whose boxes are announced longer than the file is. */
const truncatedHeic = () => {
  const box = (type, data, length = data.length + 8) => b(u32(length), type, data)
  return b(box('ftyp', b('heic', u32(0), 'mif1heic')), box('meta', b(u32(0), box('hdlr', b(u32(0), u32(0), 'pict', Buffer.alloc(13)))), 4000))
}

const html = '<html><body><script>alert(document.cookie)</script></body></html>'
const svg = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><image href="file:///etc/passwd"/></svg>'

// ---- watching the server -----------------------------------------------------------------------

/** The most memory that a process ever held, in MiB. */
const peak = (pid) => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024

/** Its children that decode. */
function hands(server) {
  return readdirSync('/proc').filter((pid) => {
    try {
      const parent = /PPid:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]
      return Number(parent) === server.child.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('photo-worker')
    } catch {
      return false // no process, or one that ended meanwhile
    }
  })
}

const files = (folder) => readdirSync(folder, { withFileTypes: true, recursive: false }).flatMap((entry) =>
  entry.isDirectory() ? files(join(folder, entry.name)) : [join(folder, entry.name)])

/** What is on the disk of photos, and of what is being written. */
const onDisk = (server) => [...files(join(server.made.data, 'blobs')), ...files(join(server.made.data, 'tmp'))]

/** Does something that must leave nothing on the disk, and the server well and of a bounded size. */
async function unharmed(server, what) {
  const before = onDisk(server), mib = peak(server.child.pid)
  await what()
  assert.deepEqual(onDisk(server), before, 'something stayed on the disk')
  assert.ok(peak(server.child.pid) - mib < 300, `the server grew by ${peak(server.child.pid) - mib} MiB`)
  for (const hand of hands(server)) assert.ok(peak(hand) < 1200, `a child holds ${peak(hand)} MiB`)
  assert.equal((await get(server, '/healthz')).status, 200)
}

const send = (server, photo, name = 'a.jpg', type = 'image/jpeg') =>
  ask(server, 'POST', '/v1/reports', { form: [...report().slice(0, 3), ['photo', photo, name, type]] })

// ---- pictures ----------------------------------------------------------------------------------

test('pictures made to hurt are refused by their name', async (t) => {
  const server = await serve(t)
  for (const [what, photo, status, says] of [
    ['a GIF that unpacks to 20 gigapixels', gifBomb(20000, 20000, 50), 415, /^GIF is not taken; send JPEG, PNG, WebP or HEIC$/],
    ['a PNG of 100 megapixels', png(10000, 10000), 413, /10000 x 10000 pixels, at most 50 megapixels/],
    ['a PNG that announces 100 megapixels', png(10000, 10000, 1), 413, /10000 x 10000 pixels, at most 50 megapixels/],
    ['a PNG of one endless row', png(1000000, 1), 413, /at most 12000 a side/],
    ['SVG', svg, 415, /^SVG is not taken/],
    ['SVG behind an XML declaration', `<?xml version="1.0"?>${svg}`, 415, /^XML is not taken/],
    ['HEIC cut short', truncatedHeic(), 422, /HEIC file is damaged or cut short/],
    ['HTML', html, 415, /^HTML is not taken/],
    ['HTML that begins as a JPEG does', b(Buffer.from([0xff, 0xd8, 0xff]), html), 422, /JPEG file is damaged or cut short/],
    ['a PNG that ends early', png(500, 500).subarray(0, 200), 422, /PNG file is damaged or cut short/],
    ['a PNG whose data is no picture', b(png(64, 64).subarray(0, 33), u32(40), 'IDAT', deflate('x'), Buffer.alloc(80)), 422, /PNG file/],
    ['RIFF that is no WebP', b('RIFF', u32(4), 'WAVE'), 415, /this kind of file is not taken/],
  ])
    await unharmed(server, async () => {
      const answer = await send(server, photo)
      refused(answer, status, 'photo')
      assert.match(answer.json.detail, says, what)
    })
})

test('of a JPEG that is HTML too nothing but the picture is served', async (t) => {
  const server = await serve(t)
  const comment = b(Buffer.from([0xff, 0xfe]), u16(html.length + 2), html)
  const both = b(jpeg(64, 64, comment), html) // in a comment, and behind the end
  const sent = await send(server, both, 'page.html', 'text/html')
  assert.equal(sent.status, 201, sent.text)
  const [photo] = sent.json.photos
  for (const path of [photo.url, photo.middle_url, photo.thumb_url]) {
    const answer = await get(server, path)
    assert.equal(answer.status, 200)
    assert.ok(!answer.bytes.includes('<') || !/<(html|script|body)/i.test(answer.bytes.toString('latin1')))
    assert.equal(answer.headers['x-content-type-options'], 'nosniff')
    assert.match(answer.type, /^image\/(jpeg|webp)$/)
  }
  for (const file of onDisk(server)) assert.ok(!readFileSync(file).includes('script'), file)
})

test('fifty megapixels are taken, within the bounds of memory', async (t) => {
  const server = await serve(t)
  await send(server, png(20, 20)) // children are there
  const mib = peak(server.child.pid)
  for (const photo of [jpeg(8000, 6000), png(8000, 6000)]) {
    const sent = await send(server, photo)
    assert.equal(sent.status, 201, sent.text)
    assert.deepEqual([sent.json.photos[0].width, sent.json.photos[0].height], [2048, 1536])
  }
  const grown = peak(server.child.pid) - mib, hand = Math.max(...hands(server).map(peak))
  t.diagnostic(`the server grew by ${grown.toFixed(0)} MiB; the larger child held ${hand.toFixed(0)} MiB at most`)
  assert.ok(grown < 100, `the server itself decodes nothing, and grew by ${grown} MiB`)
  assert.ok(hand < 1200)
})

test('the server decodes nothing itself, and goes on when a child is killed', async (t) => {
  const server = await serve(t)
  assert.equal((await send(server, png(20, 20))).status, 201)
  const first = hands(server)
  assert.ok(first.length >= 1)
  for (const pid of first) process.kill(Number(pid), 'SIGKILL')
  await sleep(300)
  const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => send(server, png(30 + i, 30))))
  assert.deepEqual([...new Set(answers.map((a) => a.status))], [201])
  assert.ok(hands(server).every((pid) => !first.includes(pid)))
  // A child is as poor as can be: no privilege to gain, and no file beside the socket.
  const status = readFileSync(`/proc/${hands(server)[0]}/status`, 'utf8')
  assert.match(status, /NoNewPrivs:\s+1/)
  assert.match(status, /Seccomp:\s+2/)
})

// ---- forms -------------------------------------------------------------------------------------

test('forms made to hurt are refused', async (t) => {
  const server = await serve(t)
  const form = (fields) => ask(server, 'POST', '/v1/reports', { form: fields })
  await unharmed(server, async () => {
    refused(await form(report([['description', 'x'.repeat(20e6)]])), 400, 'description')
    const many = await form([...report(), ...Array.from({ length: 10000 }, (_, i) => [`f${i}`, 'x'])])
    refused(many, 413)
    assert.match(many.json.detail, /parts/)
  })
})

test('a path in a file name leads nowhere', async (t) => {
  const server = await serve(t)
  const before = files(server.made.data).length
  for (const [i, name] of ['../../../../etc/cron.d/x', '/etc/passwd', '..\\..\\x.exe', 'a\0b.jpg', '.'.repeat(5000)].entries()) {
    const sent = await send(server, png(20 + i, 20), name)
    assert.ok([201, 400, 413].includes(sent.status), sent.text)
    assert.ok(!sent.text.includes('etc'), sent.text)
  }
  for (const file of onDisk(server)) assert.match(file, /blobs\/[0-9a-f]{2}\/[0-9a-f]{62}$/)
  assert.ok(files(server.made.data).length >= before)
})

test('a length that is wrong, and a body that comes drop by drop, are given up', async (t) => {
  const server = await serve(t, '--requests-per-minute', '60000')
  const { type, body } = multipart(report())
  const head = (length) => `POST /v1/reports HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Forwarded-For: ${another()}\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`
  await unharmed(server, async () => {
    // Shorter than it is: the form is cut, and what follows is no request.
    const short = await raw(server, b(head(body.length - 40), body))
    assert.match(short, /^HTTP\/1\.1 400 /)
    // Nonsense, negative, larger than anything.
    for (const length of ['-5', '1e3', '0x10', '18446744073709551617'])
      assert.match(await raw(server, b(head(length), body)), /^HTTP\/1\.1 (400|413) /, length)
    assert.match(await raw(server, head(300 * 1024 * 1024)), /^HTTP\/1\.1 413 /)
    // Longer than it is: the sender goes away, and nothing comes of the half.
    await new Promise((done) => {
      const socket = net.connect(server.port, '127.0.0.1', () => socket.end(b(head(body.length + 5000), body)))
      socket.on('data', () => {})
      socket.on('error', () => {})
      socket.on('close', done)
    })
    const token = await signIn(server)
    assert.equal((await get(server, '/v1/reports', { token })).json.reports.length, 0, 'nothing was kept of any')
  })
  await unharmed(server, async () => {
    // A byte now and then: it is in nobody's way.
    const slow = net.connect(server.port, '127.0.0.1', () => slow.write(head(body.length)))
    slow.on('error', () => {})
    for (let i = 0; i < 20; i++) {
      slow.write(body.subarray(i, i + 1))
      if (i % 5 === 0) assert.equal((await get(server, `/v1/places?near=${at(1, 1)}&limit=1`)).status, 200)
      await sleep(20)
    }
    slow.destroy()
    await sleep(200)
  })
})
